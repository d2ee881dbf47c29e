using RmStack.Machine.Cpu.Execution;
using static RmStack.Machine.Cpu.CpuFeatures;
using static RmStack.Machine.Cpu.Decoding.A64Class;
using Flow = RmStack.Machine.Cpu.Execution.ControlFlow;
using Raise = RmStack.Machine.Cpu.Execution.Exceptions;
using Sys = RmStack.Machine.Cpu.Execution.SystemInstructions;

namespace RmStack.Machine.Cpu.Decoding;

public static unsafe partial class A64Table
{
    private static A64Encoding[] Branches() =>
    [
        new("000101 iiiiiiiiiiiiiiiiiiiiiiiiii", "b", Branch, &Flow.DecodeBranch),
        new("100101 iiiiiiiiiiiiiiiiiiiiiiiiii", "bl", Branch, &Flow.DecodeBranch),
        new("01010100 iiiiiiiiiiiiiiiiiii 0 cccc", "b.", Branch, &Flow.DecodeConditional),
        new("z0110100 iiiiiiiiiiiiiiiiiii ttttt", "cbz", Branch, &Flow.DecodeCompare),
        new("z0110101 iiiiiiiiiiiiiiiiiii ttttt", "cbnz", Branch, &Flow.DecodeCompare),
        new("b0110110 bbbbb iiiiiiiiiiiiii ttttt", "tbz", Branch, &Flow.DecodeTest),
        new("b0110111 bbbbb iiiiiiiiiiiiii ttttt", "tbnz", Branch, &Flow.DecodeTest),
        new("1101011 0000 11111 000000 nnnnn 00000", "br", Branch, &Flow.DecodeRegister),
        new("1101011 0001 11111 000000 nnnnn 00000", "blr", Branch, &Flow.DecodeRegister),
        new("1101011 0010 11111 000000 nnnnn 00000", "ret", Branch, &Flow.DecodeRegister),
        new("1101011 0100 11111 000000 11111 00000", "eret", Exceptional, &Raise.DecodeEret),
        new("1101011 0101 11111 000000 11111 00000", "drps", Exceptional, &Raise.DecodeUndefined),
        new("1101011 0000 11111 000010 nnnnn 11111", "braaz", Branch, &Flow.DecodeRegister, PauthWithoutKeys),
        new("1101011 0000 11111 000011 nnnnn 11111", "brabz", Branch, &Flow.DecodeRegister, PauthWithoutKeys),
        new("1101011 0001 11111 000010 nnnnn 11111", "blraaz", Branch, &Flow.DecodeRegister, PauthWithoutKeys),
        new("1101011 0001 11111 000011 nnnnn 11111", "blrabz", Branch, &Flow.DecodeRegister, PauthWithoutKeys),
        new("1101011 0010 11111 000010 11111 11111", "retaa", Branch, &Flow.DecodeReturn, PauthWithoutKeys),
        new("1101011 0010 11111 000011 11111 11111", "retab", Branch, &Flow.DecodeReturn, PauthWithoutKeys),
        new("1101011 1000 11111 000010 nnnnn mmmmm", "braa", Branch, &Flow.DecodeRegister, PauthWithoutKeys),
        new("1101011 1000 11111 000011 nnnnn mmmmm", "brab", Branch, &Flow.DecodeRegister, PauthWithoutKeys),
        new("1101011 1001 11111 000010 nnnnn mmmmm", "blraa", Branch, &Flow.DecodeRegister, PauthWithoutKeys),
        new("1101011 1001 11111 000011 nnnnn mmmmm", "blrab", Branch, &Flow.DecodeRegister, PauthWithoutKeys),
        new("1101011 0100 11111 000010 11111 11111", "eretaa", Exceptional, &Raise.DecodeEret, PauthWithoutKeys),
        new("1101011 0100 11111 000011 11111 11111", "eretab", Exceptional, &Raise.DecodeEret, PauthWithoutKeys),
        new("11010100 000 iiiiiiiiiiiiiiii 000 01", "svc", Exceptional, &Raise.DecodeSvc),
        new("11010100 000 iiiiiiiiiiiiiiii 000 10", "hvc", Exceptional, &Raise.DecodeHvc),
        new("11010100 000 iiiiiiiiiiiiiiii 000 11", "smc", Exceptional, &Raise.DecodeSmc),
        new("11010100 001 iiiiiiiiiiiiiiii 000 00", "brk", Exceptional, &Raise.DecodeBrk),
        new("11010100 010 iiiiiiiiiiiiiiii 000 00", "hlt", Exceptional, &Raise.DecodeUndefined),
        new("11010100 101 iiiiiiiiiiiiiiii 000 01", "dcps1", Exceptional, &Raise.DecodeUndefined),
        new("11010100 101 iiiiiiiiiiiiiiii 000 10", "dcps2", Exceptional, &Raise.DecodeUndefined),
        new("11010100 101 iiiiiiiiiiiiiiii 000 11", "dcps3", Exceptional, &Raise.DecodeUndefined),
        new("0000000000000000 iiiiiiiiiiiiiiii", "udf", Exceptional, &Raise.DecodeUndefined),
    ];

    private static A64Encoding[] SystemInstructions() =>
    [
        new("1101010100 000 011 0010 mmmm qqq 11111", "hint", A64Class.System, &Sys.DecodeHint),
        new("1101010100 000 011 0011 mmmm 010 11111", "clrex", A64Class.System, &Sys.DecodeClrex),
        new("1101010100 000 011 0011 mmmm 100 11111", "dsb", A64Class.System, &Sys.DecodeBarrier),
        new("1101010100 000 011 0011 mmmm 101 11111", "dmb", A64Class.System, &Sys.DecodeBarrier),
        new("1101010100 000 011 0011 mmmm 110 11111", "isb", A64Class.System, &Sys.DecodeBarrier),
        new("1101010100 000 000 0100 mmmm 011 11111", "msr", A64Class.System, &Sys.DecodeMsrUao, Uao),
        new("1101010100 000 000 0100 mmmm 100 11111", "msr", A64Class.System, &Sys.DecodeMsrPan, Pan),
        new("1101010100 000 000 0100 mmmm 101 11111", "msr", A64Class.System, &Sys.DecodeMsrSpSel),
        new("1101010100 000 011 0100 mmmm 001 11111", "msr", A64Class.System, &Sys.DecodeMsrSsbs, Ssbs),
        new("1101010100 000 011 0100 mmmm 010 11111", "msr", A64Class.System, &Sys.DecodeMsrDit, Dit),
        new("1101010100 000 011 0100 mmmm 110 11111", "msr", A64Class.System, &Sys.DecodeMsrDaifSet),
        new("1101010100 000 011 0100 mmmm 111 11111", "msr", A64Class.System, &Sys.DecodeMsrDaifClr),
        new("1101010100 0 01 ppp nnnn mmmm qqq ttttt", "sys", A64Class.System, &Sys.DecodeSys),
        new("1101010100 1 01 ppp nnnn mmmm qqq ttttt", "sysl", A64Class.System, &Sys.DecodeSysl),
        new("1101010100 0 1o ppp nnnn mmmm qqq ttttt", "msr", A64Class.System, &SystemRegisterAccess.DecodeMsr),
        new("1101010100 1 1o ppp nnnn mmmm qqq ttttt", "mrs", A64Class.System, &SystemRegisterAccess.DecodeMrs),
    ];

    // Every encoding of the FP and SIMD space, and every load or store of a vector register.
    private static A64Encoding[] FpSimd() =>
    [
        new("xxxx 111x xxxxxxxxxxxxxxxxxxxxxxxx", "fp", A64Class.FpSimd, &FloatingPoint.DecodeAny),
        new("xxxx 110x xxxxxxxxxxxxxxxxxxxxxxxx", "fp", A64Class.FpSimd, &FloatingPoint.DecodeAny),
    ];
}
