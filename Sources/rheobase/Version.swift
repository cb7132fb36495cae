/// The version of the program, as `rheobase --version` prints it and CHANGELOG.md lists it.
let version = "0.1.0"
