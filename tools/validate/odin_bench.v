// Runs a case of Tests/EmulatorTests/OdinBench.swift on the published RTL of ODIN, or of tinyODIN with TINY defined.
//
// Case, one command per line:
//   N index word     a neuron's word            S address word    a word of synapses
//   G axon           the axon inhibits (ODIN)   M index           last neuron that is visited (tinyODIN)
//   O flag           open loop                  E kind axon       event: 0 spike, 1 time reference; runs until all is quiet
//   V index          prints the neuron's potential
// Result: "F cycle neuron" per output spike and "E cycles" per event, counted from the rise of its request; "V potential".
// The receiver of output spikes and the sender of events answer without delay.
`timescale 1ns / 1ps

module bench;
  reg CLK = 0, RST = 1;
  reg AERIN_REQ = 0;
  wire AERIN_ACK, AEROUT_REQ;
  wire [7:0] AEROUT_ADDR;
`ifdef TINY
  reg [9:0] AERIN_ADDR = 0;
  tinyODIN chip(.CLK(CLK), .RST(RST), .SCK(1'b0), .MOSI(1'b0), .MISO(), .AERIN_ADDR(AERIN_ADDR), .AERIN_REQ(AERIN_REQ),
    .AERIN_ACK(AERIN_ACK), .AEROUT_ADDR(AEROUT_ADDR), .AEROUT_REQ(AEROUT_REQ), .AEROUT_ACK(AEROUT_REQ), .SCHED_FULL());
  reg [31:0] neuron;
`else
  reg [16:0] AERIN_ADDR = 0;
  ODIN chip(.CLK(CLK), .RST(RST), .SCK(1'b0), .MOSI(1'b0), .MISO(), .AERIN_ADDR(AERIN_ADDR), .AERIN_REQ(AERIN_REQ),
    .AERIN_ACK(AERIN_ACK), .AEROUT_ADDR(AEROUT_ADDR), .AEROUT_REQ(AEROUT_REQ), .AEROUT_ACK(AEROUT_REQ));
  reg [127:0] neuron;
`endif
  always #5 CLK = ~CLK;

  integer in, out, read, cycle, kind, index, address, quiet;
  reg [8*256-1:0] path;
  reg [7:0] command;
  reg [31:0] synapses;

  always @(posedge CLK) cycle = cycle + 1;
  always @(posedge AERIN_ACK) AERIN_REQ = 0;
  always @(posedge AEROUT_REQ) $fdisplay(out, "F %0d %0d", cycle, AEROUT_ADDR);

  // Until the controller waits, with nothing in its queue and nothing on its way out.
  task run;
    begin
      @(negedge CLK);
      while (!(chip.controller_0.state == 0 && !AERIN_REQ && !chip.controller_0.AERIN_REQ_sync_int &&
               !chip.controller_0.AERIN_REQ_sync && chip.SCHED_EMPTY && !chip.AEROUT_CTRL_BUSY)) @(negedge CLK);
      $fdisplay(out, "E %0d", cycle);
    end
  endtask

  initial begin
    if (!$value$plusargs("case=%s", path)) $finish;
    in = $fopen(path, "r");
    if (!$value$plusargs("out=%s", path)) $finish;
    out = $fopen(path, "w");
    cycle = 0;
    for (index = 0; index < 8192; index = index + 1) chip.synaptic_core_0.synarray_0.SRAM[index] = 0;
    for (index = 0; index < 256; index = index + 1) chip.neuron_core_0.neurarray_0.SRAM[index] = 0;
    chip.spi_slave_0.SPI_GATE_ACTIVITY = 0;
    chip.spi_slave_0.SPI_OPEN_LOOP = 1;
    chip.spi_slave_0.SPI_AER_SRC_CTRL_nNEUR = 0;
`ifdef TINY
    chip.spi_slave_0.SPI_MAX_NEUR = 255;
`else
    chip.spi_slave_0.SPI_SYN_SIGN = 0;
    chip.spi_slave_0.SPI_BURST_TIMEREF = 0;
    chip.spi_slave_0.SPI_OUT_AER_MONITOR_EN = 0;
    chip.spi_slave_0.SPI_MONITOR_NEUR_ADDR = 0;
    chip.spi_slave_0.SPI_MONITOR_SYN_ADDR = 0;
    chip.spi_slave_0.SPI_UPDATE_UNMAPPED_SYN = 0;
    chip.spi_slave_0.SPI_PROPAGATE_UNMAPPED_SYN = 0;
    chip.spi_slave_0.SPI_SDSP_ON_SYN_STIM = 0;
`endif
    repeat (10) @(negedge CLK);
    RST = 0;
    repeat (10) @(negedge CLK);

    read = $fscanf(in, " %c", command);
    while (read == 1) begin
      case (command)
        "N": begin
          read = $fscanf(in, "%d %h", index, neuron);
          chip.neuron_core_0.neurarray_0.SRAM[index] = neuron;
        end
        "S": begin
          read = $fscanf(in, "%d %h", index, synapses);
          chip.synaptic_core_0.synarray_0.SRAM[index] = synapses;
        end
        "G": begin
          read = $fscanf(in, "%d", index);
`ifndef TINY
          chip.spi_slave_0.SPI_SYN_SIGN[index] = 1;
`endif
        end
        "M": begin
          read = $fscanf(in, "%d", index);
`ifdef TINY
          chip.spi_slave_0.SPI_MAX_NEUR = index;
`endif
        end
        "O": begin
          read = $fscanf(in, "%d", index);
          chip.spi_slave_0.SPI_OPEN_LOOP = index;
          repeat (4) @(negedge CLK);
        end
        "E": begin
          read = $fscanf(in, "%d %d", kind, address);
`ifdef TINY
          AERIN_ADDR = kind == 0 ? {2'b00, address[7:0]} : {2'b01, 8'hFF};
`else
          AERIN_ADDR = kind == 0 ? {1'b0, address[7:0], 8'h07} : {1'b0, 8'h00, 8'h7F};
`endif
          // The request rises with an edge of the clock, which does not see it yet.
          @(posedge CLK);
          #1 cycle = 0;
          AERIN_REQ = 1;
          run;
        end
        "V": begin
          read = $fscanf(in, "%d", index);
          neuron = chip.neuron_core_0.neurarray_0.SRAM[index];
`ifdef TINY
          $fdisplay(out, "V %0d", $signed(neuron[11:0]));
`else
          $fdisplay(out, "V %0d", neuron[77:70]);
`endif
        end
        default: ;
      endcase
      read = $fscanf(in, " %c", command);
    end
    $fclose(out);
    $finish;
  end
endmodule
