namespace RmStack.Protocol.Messages;

/// <summary>VM_CONSOLE_WRITE: text for the other side of a console. RM: vm_console_simple.c. VM_CONSOLE_CHARS goes there before the standard reply.</summary>
public readonly ref struct VmConsoleWrite : IMessageView<VmConsoleWrite>
{
    /// <summary>Most text bytes that the RM can carry in one message.</summary>
    public const int MaxText = RpcLimits.MaxContent - VmConsoleText.FixedSize;

    private VmConsoleWrite(ushort target, WireBytes text)
    {
        Target = target;
        Text = text;
    }

    /// <summary>VM whose console is meant; 0 is the caller's own.</summary>
    public ushort Target { get; }

    /// <summary>The text, as bytes.</summary>
    public WireBytes Text { get; }

    /// <summary>Checks a payload: exactly 4 + n bytes.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmConsoleWrite view)
    {
        var status = VmConsoleText.TryRead(ref reader, out var target, out var text);
        view = status == DecodeStatus.Ok ? new VmConsoleWrite(target, text) : default;
        return status;
    }

    /// <summary>Payload length for so many text bytes.</summary>
    public static int SizeOf(int text) => VmConsoleText.FixedSize + text;

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort target, ReadOnlySpan<byte> text) => VmConsoleText.Write(writer, target, text);

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("target"), fields.Text("text"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("target", Target).Quoted("text", Text);
}
