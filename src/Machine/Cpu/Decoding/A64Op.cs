global using unsafe A64Handler = delegate*<RmStack.Machine.Cpu.ProcessingElement, RmStack.Machine.Cpu.Decoding.A64Op*, ulong*, RmStack.Machine.Cpu.Decoding.A64Op*>;

using System.Runtime.InteropServices;

namespace RmStack.Machine.Cpu.Decoding;

/// <summary>
/// One decoded instruction, at its place in the decoded copy of a page of code: what to call, and the operands in the
/// form in which that wants them. HOT.
/// </summary>
/// <remarks>
/// A handler gets the element, its own operation and the register slots, and returns the operation to go on with. It
/// returns <c>op + 1</c> unless control goes elsewhere.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct A64Op
{
    /// <summary>What does it.</summary>
    public A64Handler Execute;

    /// <summary>Immediate, mask, branch distance or the instruction word, as the handler likes it.</summary>
    public long Imm;

    /// <summary>Slot of the destination, or of the register to load or store.</summary>
    public byte Rd;

    /// <summary>Slot of the first source or of the base.</summary>
    public byte Rn;

    /// <summary>Slot of the second source or of the index.</summary>
    public byte Rm;

    /// <summary>Slot of the third source or of the second register of a pair; or a shift amount.</summary>
    public byte Ra;

    /// <summary>Byte offset of the instruction in its page.</summary>
    public ushort Offset;

    /// <summary>
    /// Loads and stores: bits 24:14 of the syndrome of a stage-2 abort, 0 when the syndrome is not valid (Arm ARM
    /// D24.2.40, ISV to AR). Conditional operations: bit n is set when the condition holds with NZCV = n.
    /// </summary>
    public ushort Aux;
}
