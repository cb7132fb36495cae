import Quantities

/// "96.89 %": a share with two decimals.
public func percent(_ share: Double) -> String { decimal(share * 100, places: 2) + " %" }

/// "+1.25 %", "-0.30 %": a relative change with its sign; "0.00 %" where nothing is left after rounding.
public func signedPercent(_ change: Double) -> String {
  (change >= 0.00005 ? "+" : "") + percent(change)
}

/// "103.4 Hz": a rate with one decimal, so that the rates of a column can be compared.
public func hertz(_ rate: Double) -> String { decimal(rate, places: 1) + " Hz" }

/// A number with a fixed number of decimals, rounded half away from zero; "-0.00" is written "0.00".
/// Numbers of 1e15 and more are written as Swift writes them.
public func decimal(_ value: Double, places: Int) -> String {
  var scale = 1.0
  for _ in 0..<places { scale *= 10 }
  let scaled = (value * scale).rounded()
  guard scaled.isFinite, abs(scaled) < 1e15 else { return "\(value)" }
  let magnitude = String(Int(abs(scaled)))
  let digits = String(repeating: "0", count: max(0, places + 1 - magnitude.count)) + magnitude
  let sign = scaled < 0 ? "-" : ""
  return places == 0 ? sign + digits : sign + digits.dropLast(places) + "." + digits.suffix(places)
}
