import Foundation

extension SpiceNeuron {
  /// Spikes between which `deck` measures: the first one starts from the initial state and is left out.
  static let measuredSpikes = (from: 2, to: 12)

  /// A netlist for `ngspice -b` that measures the neuron's rate and prints it beside the closed form.
  ///
  /// The comparator is a behavioural current into a latch, 1 µV wide: it fires a few microvolts early. The latch holds for
  /// 35.7 ns after the membrane has fallen, which is taken off the one-shot's time. What is left is a relative error of
  /// up to 3e-4 where V∞ lies a few millivolts above the threshold, and below 1e-4 elsewhere.
  ///
  /// **Cost:** some 20 000 time steps, a second or two.
  public func deck(title: String) -> String {
    func n(_ value: Double) -> String { String(format: "%.12g", value) }
    let (first, last) = Self.measuredSpikes
    let rate = rate
    let period = rate > 0 ? 1 / rate : .infinity
    let tau = leakConductance > 0 ? timeConstant : period
    let end = rate > 0 ? (Double(last) + 1.3) * period : 20 * (tau.isFinite ? tau : hold * 1000)
    let step = min(tau.isFinite ? tau / 4000 : end / 4000, period / 2000)
    // Latch: 1 pF on 100 kΩ falls from 1 to the one-shot's 0.7 in 0.1 µs · ln(1/0.7).
    let latch = 1e-7 * log(1 / 0.7)
    let shotResistance = (hold - latch) / log(2) / 1e-12
    let release = 0.9 * (threshold - reset)
    func sigmoid(_ x: String, _ width: String) -> String { "1/(1+exp(-min(max((\(x))/\(width),-60),60)))" }
    let lowest = sigmoid("v(q)-0.5", "0.02")
    return """
      * \(title)
      * closed form \(n(rate)) Hz: C_total \(n(capacitance.total)) F, leak \(n(leakConductance)) S, current \(n(current)) A
      .options abstol=1e-18 chgtol=1e-21 vntol=1e-10 reltol=1e-6 gmin=1e-21 trtol=1 method=gear
      * membrane: drawn capacitor, node, crosspoints, wire, and the two neighbouring columns at rest
      Cmembrane mem 0 \(n(capacitance.membrane))
      Cnode mem 0 \(n(capacitance.node))
      Ccrosspoint mem 0 \(n(capacitance.crosspoint))
      Cwire mem 0 \(n(capacitance.wire))
      Cleft mem 0 \(n(capacitance.coupling))
      Cright mem 0 \(n(capacitance.coupling))
      \(leakConductance > 0 ? "* leak\nRleak mem leak \(n(1 / leakConductance))\nVleak leak 0 \(n(leakVoltage))" : "* no leak")
      * the bias code's charge per tick as a current, and what is added to it
      Ibias 0 mem \(n(biasCurrent))
      Iadded 0 mem \(n(addedCurrent))
      * comparator and latch: sets q at the threshold, lets go at a tenth of the swing
      Bset 0 q I=1e-2*(1-v(q))*\(sigmoid("v(mem)-\(n(threshold))+\(n(release))*\(lowest)", "1e-6"))
      Cq q 0 1p
      Rq q 0 1e5
      * one-shot: r stays above 0.5 for \(n(hold)) s
      Bshot 0 r I=1e-2*(1-v(r))*\(sigmoid("v(q)-0.7", "0.01"))
      Cshot r 0 1p
      Rshot r 0 \(n(shotResistance))
      * reset switch
      Sreset mem vreset r 0 reset OFF
      Vreset vreset 0 \(n(resetSource))
      .model reset SW(Vt=0.5 Vh=1e-7 Ron=\(n(onResistance)) Roff=1e18)
      .ic v(mem)=\(n(reset)) v(r)=0 v(q)=0
      .tran \(n(step)) \(n(end)) 0 \(n(step)) uic
      .control
      set numdgt=12
      save v(mem) v(r)
      run
      meas tran highest max v(mem)
      meas tran begin when v(r)=0.75 rise=\(first)
      meas tran end when v(r)=0.75 rise=\(last)
      let hertz = \(last - first)/(end-begin)
      let closed = \(n(rate))
      print hertz closed
      quit
      .endc
      .end

      """
  }
}
