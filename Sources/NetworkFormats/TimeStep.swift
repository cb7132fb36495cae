import Diagnostics
import NetworkIR

/// A warning when forward Euler overshoots: f = dt/τ > 1 for some time constant.
func timeStepWarning(
  _ timeConstants: [Double], _ dynamics: Dynamics, subject: String, place: String
) -> Diagnostic? {
  guard dynamics.integrator == .euler, let shortest = timeConstants.min(), shortest < dynamics.dt else {
    return nil
  }
  return Diagnostic(
    "import.timeStep", severity: .warning, subject: subject, place: place,
    problem: "a time constant is shorter than dt, so forward Euler overshoots",
    found: "\(shortest) s with dt \(dynamics.dt) s",
    remedy: "Give another dt with --dt; a NIR file's times may be in ms or in steps")
}
