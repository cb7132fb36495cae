import Diagnostics
import HDF5Files
import Observations

extension PacketTable {
  /// Writes `pid,src,dest,ctime,itime,atime`, one line per packet in the trace's order. The file appears whole or not
  /// at all.
  public static func writePackets(_ trace: PacketTrace, to path: String) throws(Failure) {
    var text = Array("pid,src,dest,ctime,itime,atime\n".utf8)
    text.reserveCapacity(trace.packets.count * 32)
    for (packet, times) in zip(trace.packets, trace.times) {
      append(packet.id, ",", to: &text)
      append(packet.source, ",", to: &text)
      append(packet.destination, ",", to: &text)
      append(packet.made, ",", to: &text)
      append(times.injected, ",", to: &text)
      append(times.arrived, "\n", to: &text)
    }
    try AtomicFile.write([text], to: path)
  }

  /// Writes `cycle,router,output,pid`, one line per grant. The file appears whole or not at all.
  public static func writeGrants(_ trace: PacketTrace, to path: String) throws(Failure) {
    var text = Array("cycle,router,output,pid\n".utf8)
    text.reserveCapacity(trace.grants.count * 20)
    for grant in trace.grants {
      append(grant.cycle, ",", to: &text)
      append(grant.router, ",", to: &text)
      append(grant.output, ",", to: &text)
      append(grant.packet, "\n", to: &text)
    }
    try AtomicFile.write([text], to: path)
  }

  private static func append(_ value: Int, _ end: Unicode.Scalar, to text: inout [UInt8]) {
    text += String(value).utf8
    text.append(UInt8(ascii: end))
  }
}
