import TestSupport
import Testing

@testable import ProgramImage

@Suite("Listing")
struct ListingTests {
  @Test("names cores, codes, capacitances and destinations")
  func summary() throws {
    let text = try sampleImage().listing
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines.first == "Program for tessera")
    #expect(lines.contains("neurons 5 rows, 1 of them partial sums, 1 of them potential readouts"))
    #expect(lines.contains { $0.contains("width 8,") || $0.hasSuffix("width 8") })
    #expect(lines.contains { $0.contains("port_order 0 1 2 3 4") })
    #expect(lines.contains("0 0 1 3 3 3 3"))
    #expect(lines.contains("1 3 2 1 2 2 1"))
    #expect(
      lines.contains {
        $0.hasPrefix("hidden lif spiking 3 100…101/2^") && $0.contains(" 900…1001 0…900 off -7…5 ")
      })
    #expect(lines.contains { $0.hasPrefix("readout é li potential 1 7/2^") && $0.hasSuffix(" 2…T+2") })
    #expect(lines.contains("hidden 500.00 12.00 84.00 41.00 1.00 639.00"))
    #expect(lines.contains("routes 3 spike, 1 partial, delay 1…15 ticks"))
    #expect(lines.contains("inputs 3 channels, 3 destinations"))
    #expect(lines.contains("outputs 1 spike counts, 1 potentials"))
    #expect(!text.contains("axon 0 from"))
  }

  @Test("names noise where there is any")
  func noise() throws {
    var image = try sampleImage()
    #expect(!image.listing.contains("on the membrane of"))
    image.neurons.noise.mantissa = [3, 0, 0, 5, 0]
    image.neurons.noise.exponent = [0, 0, 0, 4, 0]
    image.neurons.noise.mask = [0, 0, 0, 255, 0]
    image.neurons.noise.stream = [0, 1, 0, 2, 3]
    #expect(image.verify() == [])
    let scratch = try Scratch()
    try image.write(to: scratch.path("a.rbx"))
    #expect(try ProgramImage.read(from: scratch.path("a.rbx")) == image)
    let text = image.listing(detail: true)
    #expect(text.contains("on the membrane of 2 rows, on the threshold of 1"))
    #expect(
      text.contains("membrane noise 3·2^-9")
        && text.contains("membrane noise 5·2^-5, threshold noise mask 255"))
  }

  @Test("lists neurons and axons of every core in detail")
  func detail() throws {
    let lines = try sampleImage().listing(detail: true).split(separator: "\n").map { $0.drop { $0 == " " } }
    #expect(lines.contains("axon 0 from input 0 +0: 0:1 2:-127"))
    #expect(lines.contains("axon 0 from input 2 +1, row 0 +1, row 3 +2: 0:3 1:4"))
    #expect(lines.contains("axon 2 from row 0 +15: no synapses"))
    #expect(
      lines.contains("neuron 2 (row 2, column 5): hidden 2, partial, window 0…T+0, → core 1 neuron 0 +1"))
  }
}
