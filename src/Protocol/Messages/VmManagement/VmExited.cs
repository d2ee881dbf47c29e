namespace RmStack.Protocol.Messages;

/// <summary>VM_EXITED: a VM of this owner ended. RM: vm_mgnt.c. u16 vmid, u16 type, u32 size of the reason, reason.</summary>
public readonly ref struct VmExited : IMessageView<VmExited>
{
    /// <summary>Bytes in front of the reason.</summary>
    public const int FixedSize = 8;

    /// <summary>The reason of every type but one, bytes.</summary>
    public const int ReasonSize = 4;

    /// <summary>The reason of PSCI SYSTEM_RESET2, bytes.</summary>
    public const int Reset2ReasonSize = 16;

    private const int VmidOffset = 0;
    private const int ExitTypeOffset = 2;
    private const int ReasonSizeOffset = 4;
    private const int ReasonCodeOffset = 2;
    private const int ResetTypeOffset = 4;
    private const int CookieOffset = 8;
    private const string NoReason = "no reason";

    private readonly WireBytes _payload;

    private VmExited(WireBytes payload, WireBytes reason)
    {
        _payload = payload;
        Reason = reason;
    }

    /// <summary>The VM.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>How it ended.</summary>
    public ExitType ExitType => (ExitType)Wire.U16(_payload, ExitTypeOffset);

    /// <summary>The reason as it came. Linux hands at most 8 bytes of it to user space.</summary>
    public WireBytes Reason { get; }

    /// <summary>Whether the reason holds flags and code; a public RM always sends them.</summary>
    public bool HasFlagsAndCode => Reason.Length >= ReasonSize;

    /// <summary>Low half of the first reason word.</summary>
    public VmExitFlags Flags => HasFlagsAndCode ? (VmExitFlags)Wire.U16(Reason, 0) : VmExitFlags.None;

    /// <summary>High half of the first reason word.</summary>
    public VmExitCode Code => HasFlagsAndCode ? (VmExitCode)Wire.U16(Reason, ReasonCodeOffset) : VmExitCode.Normal;

    /// <summary>Reset type of PSCI SYSTEM_RESET2.</summary>
    public uint ResetType => Reason.Length >= Reset2ReasonSize ? Wire.U32(Reason, ResetTypeOffset) : 0;

    /// <summary>Cookie of PSCI SYSTEM_RESET2.</summary>
    public ulong Cookie => Reason.Length >= Reset2ReasonSize ? Wire.U64(Reason, CookieOffset) : 0;

    /// <summary>Checks a payload; the announced size must be there exactly.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmExited view)
    {
        var payload = reader.Bytes(FixedSize);
        var size = reader.Status == DecodeStatus.Ok ? Wire.U32(payload, ReasonSizeOffset) : 0;
        if (size > (uint)reader.Remaining)
            reader.Fail(DecodeStatus.ListOverrun);
        var reason = reader.Bytes((int)size);
        var status = reader.End();
        view = status == DecodeStatus.Ok ? new VmExited(payload, reason) : default;
        return status;
    }

    /// <summary>Payload length for a reason of so many bytes.</summary>
    public static int SizeOf(int reason) => FixedSize + reason;

    /// <summary>Writes flags and code as the reason; returns the length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, ExitType exitType, VmExitFlags flags, VmExitCode code)
    {
        WriteFixedPart(ref writer, vmid, exitType, ReasonSize);
        writer.U16((ushort)flags);
        writer.U16((ushort)code);
        return writer.End();
    }

    /// <summary>Writes PSCI SYSTEM_RESET2; returns the length, bytes.</summary>
    public static int WriteReset2(PayloadWriter writer, ushort vmid, VmExitFlags flags, VmExitCode code, uint resetType, ulong cookie)
    {
        WriteFixedPart(ref writer, vmid, ExitType.PsciSystemReset2, Reset2ReasonSize);
        writer.U16((ushort)flags);
        writer.U16((ushort)code);
        writer.U32(resetType);
        writer.U64(cookie);
        return writer.End();
    }

    /// <summary>Writes a reason of any size as it came. Returns the length in bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, ExitType exitType, ReadOnlySpan<byte> reason)
    {
        WriteFixedPart(ref writer, vmid, exitType, reason.Length);
        writer.Bytes(reason);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields)
    {
        var vmid = fields.U16("vmid");
        var type = fields.State<ExitType>("type");
        var reason = fields.BytesOrNull("reason", FieldRule.Optional);
        var flags = fields.Flags<VmExitFlags>("flags", FieldRule.OptionalIf(reason is null, NoReason));
        var code = fields.Option<VmExitCode>("code", FieldRule.Only(reason is null, NoReason));
        var resetType = fields.U32OrNull("reset_type", FieldRule.OptionalIf(reason is null, NoReason));
        var cookie = fields.U64("cookie", FieldRule.Only(resetType is not null, "reset_type"));
        if (reason is not null)
            return Write(writer, vmid, type, reason);
        WriteFixedPart(ref writer, vmid, type, resetType is null ? ReasonSize : Reset2ReasonSize);
        writer.U16((ushort)flags);
        writer.U16((ushort)code);
        if (resetType is { } word)
        {
            writer.U32(word);
            writer.U64(cookie);
        }

        return writer.End();
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields)
    {
        fields.Number("vmid", Vmid).State("type", ExitType);
        if (!fields.IsBrief || Reason.Length is not (ReasonSize or Reset2ReasonSize))
            fields.Bytes("reason", Reason);
        fields.Derived();
        if (HasFlagsAndCode)
            fields.OptionIfSet("flags", Flags).Option("code", Code);
        if (Reason.Length == Reset2ReasonSize)
            fields.Number("reset_type", ResetType).Number("cookie", Cookie);
    }

    private static void WriteFixedPart(ref PayloadWriter writer, ushort vmid, ExitType exitType, int reasonSize)
    {
        writer.U16(vmid);
        writer.U16((ushort)exitType);
        writer.U32((uint)reasonSize);
    }
}
