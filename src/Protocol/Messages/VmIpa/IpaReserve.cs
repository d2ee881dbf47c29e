namespace RmStack.Protocol.Messages;

/// <summary>Kind of list in IPA_RESERVE. RM: vm_ipa.c.</summary>
public enum IpaAllocType : byte
{
    /// <summary>Exactly these ranges.</summary>
    Fixed = 0,

    /// <summary>The RM chooses within regions.</summary>
    Allocate = 1,
}

/// <summary>What reserved addresses must be good for. RM: vm_ipa.c.</summary>
[Flags]
public enum IpaConstraints : uint
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>ECC.</summary>
    Ecc = 1 << 0,

    /// <summary>Memory tags.</summary>
    Tagged = 1 << 1,

    /// <summary>Normal memory.</summary>
    Normal = 1 << 2,

    /// <summary>Device registers.</summary>
    Io = 1 << 3,

    /// <summary>Visible to the owner VM.</summary>
    OwnerVisible = 1 << 4,

    /// <summary>Visible to an external bus.</summary>
    ExternalBus = 1 << 5,

    /// <summary>Compatible with base memory.</summary>
    BaseMemory = 1 << 6,
}

/// <summary>
/// IPA_RESERVE: keeps addresses of the caller free. RM: vm_ipa.c. A fixed list has a standard reply, an allocate list
/// <see cref="IpaReserveReply"/>.
/// </summary>
/// <remarks>The list is read in a second step, because the RM judges the constraints in between.</remarks>
public readonly ref struct IpaReserve : IMessageView<IpaReserve>
{
    /// <summary>Bytes in front of the list.</summary>
    public const int FixedSize = 16;

    private const int AllocTypeOffset = 0;
    private const int GenericOffset = 4;
    private const int PlatformOffset = 8;
    private const int CountOffset = 12;

    private readonly WireBytes _payload;

    private IpaReserve(WireBytes payload) => _payload = payload;

    /// <summary>Which list follows.</summary>
    public IpaAllocType AllocType => (IpaAllocType)Wire.U8(_payload, AllocTypeOffset);

    /// <summary>What the addresses must be good for.</summary>
    public IpaConstraints Constraints => (IpaConstraints)Wire.U32(_payload, GenericOffset);

    /// <summary>The same, in the platform's own bits.</summary>
    public uint PlatformConstraints => Wire.U32(_payload, PlatformOffset);

    /// <summary>Announced entries; the RM reads 16 bits.</summary>
    public int Count => Wire.U16(_payload, CountOffset);

    /// <summary>Checks the fixed part and the list's kind.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out IpaReserve view)
    {
        reader.RequireAtLeast(FixedSize);
        var payload = reader.Bytes(reader.Remaining);
        if (reader.Status == DecodeStatus.Ok && payload[AllocTypeOffset] > (byte)IpaAllocType.Allocate)
            reader.Fail(DecodeStatus.BadValue, AllocTypeOffset);
        view = reader.Status == DecodeStatus.Ok ? new IpaReserve(payload) : default;
        return reader.Status;
    }

    /// <summary>The ranges of a fixed list: at most 30, and nothing behind them.</summary>
    public DecodeStatus TryReadFixed(out WireList<SglEntry> ranges) => TryReadList(out ranges);

    /// <summary>The wishes of an allocate list: at most 30, and nothing behind them.</summary>
    public DecodeStatus TryReadAllocate(out WireList<IpaAllocation> allocations) => TryReadList(out allocations);

    /// <summary>Writes a fixed list and returns the length, bytes.</summary>
    public static int Write(PayloadWriter writer, IpaConstraints constraints, uint platformConstraints, ReadOnlySpan<SglEntry> ranges)
    {
        WriteFixedPart(ref writer, IpaAllocType.Fixed, constraints, platformConstraints);
        writer.List32(ranges);
        return writer.End();
    }

    /// <summary>Writes an allocate list and returns the length, bytes.</summary>
    public static int Write(PayloadWriter writer, IpaConstraints constraints, uint platformConstraints, ReadOnlySpan<IpaAllocation> allocations)
    {
        WriteFixedPart(ref writer, IpaAllocType.Allocate, constraints, platformConstraints);
        writer.List32(allocations);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var kind = fields.Option<IpaAllocType>("kind", onlyNames: true);
        var constraints = fields.Flags<IpaConstraints>("constraints", FieldRule.Optional);
        var platformConstraints = fields.U32("platform_constraints", FieldRule.Optional);
        var ranges = fields.List<SglEntry>("ranges", FieldRule.Only(kind == IpaAllocType.Fixed, "kind=fixed"));
        var allocations = fields.List<IpaAllocation>("allocations", FieldRule.Only(kind == IpaAllocType.Allocate, "kind=allocate"));
        return kind == IpaAllocType.Fixed
            ? Write(writer, constraints, platformConstraints, ranges)
            : Write(writer, constraints, platformConstraints, allocations);
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        fields.Option("kind", AllocType).OptionIfSet("constraints", Constraints).NumberIfSet("platform_constraints", PlatformConstraints);
        DecodeStatus status;
        if (AllocType == IpaAllocType.Fixed)
        {
            status = TryReadFixed(out var ranges);
            if (status == DecodeStatus.Ok)
                fields.List("ranges", ranges);
        }
        else
        {
            status = TryReadAllocate(out var allocations);
            if (status == DecodeStatus.Ok)
                fields.List("allocations", allocations);
        }

        if (status != DecodeStatus.Ok)
            fields.Refused(FixedSize, status);
    }

    private static void WriteFixedPart(ref PayloadWriter writer, IpaAllocType allocType, IpaConstraints constraints, uint platformConstraints)
    {
        writer.U8((byte)allocType);
        writer.Reserved(3);
        writer.U32((uint)constraints);
        writer.U32(platformConstraints);
    }

    private DecodeStatus TryReadList<T>(out WireList<T> list)
        where T : struct, IWireElement<T>
    {
        list = default;
        if (Count > RpcLimits.MaxIpaEntries)
            return DecodeStatus.ListTooLong;
        var reader = new PayloadReader(_payload.Slice(FixedSize));
        var entries = reader.Entries<T>((uint)Count);
        if (reader.End() == DecodeStatus.Ok)
            list = entries;
        return reader.Status;
    }
}
