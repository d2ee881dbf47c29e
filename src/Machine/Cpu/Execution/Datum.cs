using System.Runtime.CompilerServices;

namespace RmStack.Machine.Cpu.Execution;

/// <summary>What a load or a store moves: how many bytes, and what a loaded value becomes in its register.</summary>
internal unsafe interface IDatum
{
    /// <summary>Bytes.</summary>
    static abstract int Size { get; }

    /// <summary>Reads and extends.</summary>
    static abstract ulong Read(byte* place);

    /// <summary>Writes the low bytes.</summary>
    static abstract void Write(byte* place, ulong value);

    /// <summary>Extends bytes that were read as an unsigned number.</summary>
    static abstract ulong Extend(ulong value);
}

internal readonly unsafe struct U8 : IDatum
{
    public static int Size => 1;

    public static ulong Read(byte* place) => *place;

    public static void Write(byte* place, ulong value) => *place = (byte)value;

    public static ulong Extend(ulong value) => value;
}

internal readonly unsafe struct U16 : IDatum
{
    public static int Size => 2;

    public static ulong Read(byte* place) => *(ushort*)place;

    public static void Write(byte* place, ulong value) => *(ushort*)place = (ushort)value;

    public static ulong Extend(ulong value) => value;
}

internal readonly unsafe struct U32 : IDatum
{
    public static int Size => 4;

    public static ulong Read(byte* place) => *(uint*)place;

    public static void Write(byte* place, ulong value) => *(uint*)place = (uint)value;

    public static ulong Extend(ulong value) => value;
}

internal readonly unsafe struct U64 : IDatum
{
    public static int Size => 8;

    public static ulong Read(byte* place) => *(ulong*)place;

    public static void Write(byte* place, ulong value) => *(ulong*)place = value;

    public static ulong Extend(ulong value) => value;
}

/// <summary>A signed number of <typeparamref name="TDatum"/>'s size that becomes a W or an X register.</summary>
internal readonly unsafe struct Signed<TDatum, T> : IDatum
    where TDatum : struct, IDatum
    where T : struct, IWidth
{
    public static int Size => TDatum.Size;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Read(byte* place) => Extend(TDatum.Read(place));

    public static void Write(byte* place, ulong value) => TDatum.Write(place, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Extend(ulong value)
    {
        var unused = 64 - (8 * TDatum.Size);
        return T.Trim((ulong)((long)(value << unused) >> unused));
    }
}
