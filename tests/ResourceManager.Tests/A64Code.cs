using System.Buffers.Binary;

namespace RmStack.ResourceManager.Tests;

/// <summary>The few A64 instructions that the test guests are made of (Arm ARM C6.2).</summary>
internal sealed class A64Code
{
    public const uint SystemOff = 0x8400_0008;
    public const uint SystemReset = 0x8400_0009;
    public const uint SystemReset2 = 0xc400_0012;

    private readonly List<uint> _words = [];

    /// <summary>MOVZ and as many MOVK as the number needs.</summary>
    public A64Code Mov(int register, ulong value)
    {
        _words.Add(0xd280_0000 | ((uint)(value & 0xffff) << 5) | (uint)register);
        for (var half = 1u; half < 4; half++)
        {
            var part = (uint)(value >> (int)(16 * half)) & 0xffff;
            if (part != 0) _words.Add(0xf280_0000 | (half << 21) | (part << 5) | (uint)register);
        }

        return this;
    }

    public A64Code Hvc(ushort immediate = 0)
    {
        _words.Add(0xd400_0002 | ((uint)immediate << 5));
        return this;
    }

    public A64Code Wfi()
    {
        _words.Add(0xd503_207f);
        return this;
    }

    /// <summary>An encoding that no CPU executes.</summary>
    public A64Code Undefined()
    {
        _words.Add(0);
        return this;
    }

    /// <summary>The place of the next instruction, for <see cref="Cbnz"/>.</summary>
    public A64Code Here(out int at)
    {
        at = _words.Count;
        return this;
    }

    /// <summary>Goes back while a register is not zero.</summary>
    public A64Code Cbnz(int register, int target)
    {
        const uint Imm19 = 0x7_ffff;
        _words.Add(0xb500_0000 | (((uint)(target - _words.Count) & Imm19) << 5) | (uint)register);
        return this;
    }

    /// <summary>Stays where it is.</summary>
    public A64Code Forever()
    {
        _words.Add(0x1400_0000);
        return this;
    }

    public byte[] ToArray()
    {
        var bytes = new byte[_words.Count * sizeof(uint)];
        for (var n = 0; n < _words.Count; n++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(n * sizeof(uint)), _words[n]);
        return bytes;
    }

    /// <summary>Code that makes one power call and stays.</summary>
    public static byte[] Power(uint function, ulong x1 = 0, ulong x2 = 0) =>
        new A64Code().Mov(0, function).Mov(1, x1).Mov(2, x2).Hvc().Forever().ToArray();
}
