import GoldenChecks
import RateTheory
import Testing

/// What self-consistent rates must keep, whatever the network; golden rates are `GoldenCheck`s.
@Suite struct MeanFieldTests {
  /// Two populations that are alike have the rates of one.
  @Test func splittingAPopulationChangesNothing() throws {
    let one = GoldenNetworks.brunel(g: 5, eta: 2)
    var excitatory = one.populations[0]
    excitatory.name = "E"
    var two = MeanField(populations: [excitatory, excitatory], couplings: [])
    for target in 0...1 {
      two.couplings.append(MeanField.Coupling(source: 0, target: target, degree: 1000, step: 0.1))
      two.couplings.append(MeanField.Coupling(source: 1, target: target, degree: 250, step: -0.5))
    }
    let rates = two.solve().rates
    let expected = one.solve().rates[0]
    for rate in rates { #expect(abs(rate / expected - 1) < 1e-10) }
    let balanced = try #require(two.balancedRates(atThreshold: true))
    for rate in balanced { #expect(abs(rate / 40 - 1) < 1e-9) }
  }

  /// Shot noise: the free membrane's skewness of the noise table, (2/3)√(2/(rτ)).
  @Test func skewnessOfShotNoise() {
    var population = MeanField.Population(
      name: "", timeConstant: 0.01, rest: 0, threshold: 1, reset: 0, refractory: 0)
    population.addPoisson(count: 1, rate: 1000, step: 0.1)
    let input = MeanField(populations: [population], couplings: []).inputs([0])[0]
    #expect(abs(input.skewness - 0.298142396999972) < 1e-14)
    #expect(abs(input.sigma / 2.0.squareRoot() - 0.223606797749979) < 1e-14)
    #expect(abs(input.mean - 1) < 1e-14)
  }

  @Test func membraneWithoutLeakCountsItsDrift() {
    let population = MeanField.Population(
      name: "", timeConstant: nil, rest: 0, threshold: 2, reset: 1, refractory: 0.01, drift: 50)
    let field = MeanField(
      populations: [population], couplings: [MeanField.Coupling(source: 0, target: 0, degree: 1, step: -1)])
    // ν (0.01 + 1/(50 − ν)) = 1.
    let nu = field.solve().rates[0]
    #expect(abs(nu * (0.01 + 1 / (50 - nu)) - 1) < 1e-9)
  }
}
