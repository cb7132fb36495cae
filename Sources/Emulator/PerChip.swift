/// What all chips of an emulator read, behind a reference that is this chip's own.
///
/// To hand on what is in a class, or in an array, mostly takes counting a reference, and the count of what threads share is a
/// place in memory that all of them write to. So what a chip hands on while it changes is in here, once per chip: what is
/// counted then is the references to this object, which nobody else has.
final class PerChip<Value: Sendable>: Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}
