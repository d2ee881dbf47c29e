namespace RmStack.Protocol.Messages;

/// <summary>An entry of fixed size in a list on the wire.</summary>
/// <typeparam name="TSelf">The entry itself.</typeparam>
public interface IWireElement<TSelf> : IFieldEntry<TSelf>
    where TSelf : struct, IWireElement<TSelf>
{
    /// <summary>Bytes per entry.</summary>
    static abstract int Size { get; }

    /// <inheritdoc/>
    static int IFieldEntry<TSelf>.LeastSize => TSelf.Size;

    /// <summary>Whether an array of entries in memory is the list on the wire, byte for byte: no padding, same byte order.</summary>
    static virtual bool HasWireLayout => false;

    /// <summary>Reads an entry from exactly <see cref="Size"/> bytes; any bytes are a value.</summary>
    static abstract TSelf Read(ReadOnlySpan<byte> bytes);

    /// <summary>Writes all <see cref="Size"/> bytes, reserved ones as zero.</summary>
    void Write(Span<byte> bytes);

    /// <summary>Tells every field, in wire order, by its name.</summary>
    void Describe(MessageFields fields);

    /// <summary>Adds the entry to a line for people, in its short form.</summary>
    void AppendTo(MessageText text);
}
