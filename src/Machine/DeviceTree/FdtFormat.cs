namespace RmStack.Machine.DeviceTree;

/// <summary>Numbers of the flattened format: Devicetree Specification v0.4, chapter 5. All words are big-endian.</summary>
internal static class FdtFormat
{
    public const uint Magic = 0xd00d_feed;

    /// <summary>Version written, and the newest whose layout the reader knows.</summary>
    public const uint Version = 17;

    /// <summary>Oldest version read, and what the writer declares itself compatible with.</summary>
    public const uint LastCompatibleVersion = 16;

    /// <summary>Bytes of the header of version 16, which has no size of the structure block.</summary>
    public const int HeaderSize16 = 36;

    /// <summary>Bytes of the header of version 17. A multiple of 8, so the reservation map follows it directly.</summary>
    public const int HeaderSize = 40;

    // Offsets of the header's words.
    public const int TotalSizeAt = 4;
    public const int StructOffsetAt = 8;
    public const int StringsOffsetAt = 12;
    public const int ReservationsOffsetAt = 16;
    public const int VersionAt = 20;
    public const int LastCompatibleVersionAt = 24;
    public const int BootCpuAt = 28;
    public const int StringsSizeAt = 32;
    public const int StructSizeAt = 36;

    // Tokens of the structure block.
    public const uint BeginNode = 1;
    public const uint EndNode = 2;
    public const uint Property = 3;
    public const uint Nop = 4;
    public const uint End = 9;

    /// <summary>Bytes of a property before its value: token, length, name offset.</summary>
    public const int PropertyHeaderSize = 12;

    /// <summary>Bytes of an entry of the memory reservation map.</summary>
    public const int ReservationSize = 16;

    /// <summary>Tokens, names and values begin on multiples of 4.</summary>
    public static int Align(int offset) => (offset + 3) & ~3;
}
