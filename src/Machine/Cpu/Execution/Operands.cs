using System.Numerics;
using System.Runtime.CompilerServices;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>Width of an operation: 32 bits, whose result clears the upper half, or 64.</summary>
internal interface IWidth
{
    /// <summary>32 or 64.</summary>
    static abstract int Bits { get; }

    /// <summary>The low bits of a value.</summary>
    static abstract ulong Trim(ulong value);

    /// <summary>The low bits of a value, as a signed number.</summary>
    static abstract long Signed(ulong value);
}

/// <summary>W registers.</summary>
internal readonly struct W : IWidth
{
    public static int Bits => 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Trim(ulong value) => (uint)value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Signed(ulong value) => (int)value;
}

/// <summary>X registers.</summary>
internal readonly struct X : IWidth
{
    public static int Bits => 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Trim(ulong value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Signed(ulong value) => (long)value;
}

/// <summary>How a second operand is shifted by a constant.</summary>
internal interface IShift
{
    static abstract ulong Apply<T>(ulong value, int amount)
        where T : struct, IWidth;
}

internal readonly struct NoShift : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<T>(ulong value, int amount)
        where T : struct, IWidth => T.Trim(value);
}

internal readonly struct Lsl : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<T>(ulong value, int amount)
        where T : struct, IWidth => T.Trim(value << amount);
}

internal readonly struct Lsr : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<T>(ulong value, int amount)
        where T : struct, IWidth => T.Trim(value) >> amount;
}

internal readonly struct Asr : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<T>(ulong value, int amount)
        where T : struct, IWidth => T.Trim((ulong)(T.Signed(value) >> amount));
}

internal readonly struct Ror : IShift
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Apply<T>(ulong value, int amount)
        where T : struct, IWidth =>
        T.Bits == 32 ? BitOperations.RotateRight((uint)value, amount) : BitOperations.RotateRight(value, amount);
}

/// <summary>How an index or second operand is extended (Arm ARM, ExtendReg); it is shifted left afterwards.</summary>
internal interface IExtend
{
    static abstract ulong Apply(ulong value);
}

internal readonly struct Uxtb : IExtend
{
    public static ulong Apply(ulong value) => (byte)value;
}

internal readonly struct Uxth : IExtend
{
    public static ulong Apply(ulong value) => (ushort)value;
}

internal readonly struct Uxtw : IExtend
{
    public static ulong Apply(ulong value) => (uint)value;
}

internal readonly struct Uxtx : IExtend
{
    public static ulong Apply(ulong value) => value;
}

internal readonly struct Sxtb : IExtend
{
    public static ulong Apply(ulong value) => (ulong)(sbyte)value;
}

internal readonly struct Sxth : IExtend
{
    public static ulong Apply(ulong value) => (ulong)(short)value;
}

internal readonly struct Sxtw : IExtend
{
    public static ulong Apply(ulong value) => (ulong)(int)value;
}

/// <summary>Fields of instruction words, and what registers are called by.</summary>
internal static class Word
{
    /// <summary>Bits of a word.</summary>
    public static uint Bits(this uint word, int low, int count) => (word >> low) & ((1u << count) - 1);

    /// <summary>One bit of a word.</summary>
    public static bool Bit(this uint word, int at) => ((word >> at) & 1) != 0;

    /// <summary>A signed field.</summary>
    public static long Signed(this uint word, int low, int count) => (int)(word << (32 - low - count)) >> (32 - count);

    /// <summary>Slot to read Rd, Rt, Rn, ... from when 31 is the zero register.</summary>
    public static byte Source(this uint word, int low) => (byte)word.Bits(low, 5);

    /// <summary>Slot to write when 31 is the zero register.</summary>
    public static byte Target(this uint word, int low)
    {
        var number = (byte)word.Bits(low, 5);
        return number == 31 ? Slot.Sink : number;
    }

    /// <summary>Slot of a register of which 31 is the stack pointer.</summary>
    public static byte OrSp(this uint word, int low)
    {
        var number = (byte)word.Bits(low, 5);
        return number == 31 ? Slot.Sp : number;
    }

    /// <summary>Set of the NZCV values for which a condition holds (Arm ARM, ConditionHolds): bit n for NZCV = n.</summary>
    public static ushort Condition(uint condition)
    {
        var holds = 0u;
        for (var nzcv = 0u; nzcv < 16; nzcv++)
        {
            bool n = (nzcv & 8) != 0, z = (nzcv & 4) != 0, c = (nzcv & 2) != 0, v = (nzcv & 1) != 0;
            var basic = (condition >> 1) switch
            {
                0 => z,
                1 => c,
                2 => n,
                3 => v,
                4 => c && !z,
                5 => n == v,
                6 => n == v && !z,
                _ => true,
            };
            if ((condition & 1) != 0 && condition != 15) basic = !basic;
            if (basic) holds |= 1u << (int)nzcv;
        }

        return (ushort)holds;
    }

    /// <summary>The value of a bitmask immediate (Arm ARM, DecodeBitMasks).</summary>
    /// <returns>False when the fields are reserved.</returns>
    public static bool TryBitmask(uint n, uint imms, uint immr, int bits, out ulong value)
    {
        value = 0;
        var length = 31 - BitOperations.LeadingZeroCount((n << 6) | (~imms & 0x3f));
        if (length < 1 || (bits == 32 && n != 0)) return false;
        var size = 1 << length;
        var ones = (int)(imms & (uint)(size - 1));
        if (ones == size - 1) return false;
        var rotate = (int)(immr & (uint)(size - 1));
        var element = (1UL << (ones + 1)) - 1;
        if (rotate != 0)
        {
            element = (element >> rotate) | (element << (size - rotate));
            if (size < 64) element &= (1UL << size) - 1;
        }

        for (var at = 0; at < bits; at += size) value |= element << at;
        return true;
    }
}
