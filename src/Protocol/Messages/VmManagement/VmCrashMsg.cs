namespace RmStack.Protocol.Messages;

/// <summary>
/// VM_SET_CRASH_MSG as a request (standard reply), and the success reply to VM_GET_CRASH_MSG: one layout. RM: vm_mgnt.c. The RM keeps the
/// first <see cref="RpcLimits.MaxStoredCrashMessage"/> bytes.
/// </summary>
public readonly ref struct VmCrashMsg : IMessageView<VmCrashMsg>
{
    private VmCrashMsg(ReadOnlySpan<byte> text) => Text = text;

    /// <summary>The text, as bytes; empty when there is none.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out VmCrashMsg view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmCrashMsg view)
    {
        var status = PaddedText.TryRead(ref reader, ushort.MaxValue, out var text);
        view = status == DecodeStatus.Ok ? new VmCrashMsg(text) : default;
        return status;
    }

    /// <summary>Payload length for a text of so many bytes.</summary>
    public static int SizeOf(int text) => PaddedText.SizeOf(text);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, ReadOnlySpan<byte> text) => PaddedText.Write(payload, text);

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Quoted("text", Text);
}
