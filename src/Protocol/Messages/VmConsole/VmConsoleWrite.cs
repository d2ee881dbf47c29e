namespace RmStack.Protocol.Messages;

/// <summary>VM_CONSOLE_WRITE: text for the other side of a console. RM: vm_console_simple.c. VM_CONSOLE_CHARS goes there before the standard reply.</summary>
public readonly ref struct VmConsoleWrite : IMessageView<VmConsoleWrite>
{
    /// <summary>Most text bytes that the RM can carry in one message.</summary>
    public const int MaxText = RpcLimits.MaxContent - VmConsoleText.FixedSize;

    private VmConsoleWrite(ushort target, ReadOnlySpan<byte> text)
    {
        Target = target;
        Text = text;
    }

    /// <summary>VM whose console is meant; 0 is the caller's own.</summary>
    public ushort Target { get; }

    /// <summary>The text, as bytes.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Checks a payload: exactly 4 + n bytes.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out VmConsoleWrite view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmConsoleWrite view)
    {
        var status = VmConsoleText.TryRead(ref reader, out var target, out var text);
        view = status == DecodeStatus.Ok ? new VmConsoleWrite(target, text) : default;
        return status;
    }

    /// <summary>Payload length for so many text bytes.</summary>
    public static int SizeOf(int text) => VmConsoleText.FixedSize + text;

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, ushort target, ReadOnlySpan<byte> text) => VmConsoleText.Write(payload, target, text);

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Number("target", Target).Quoted("text", Text);
}
