using RmStack.Protocol.Messages;

namespace RmStack.Protocol;

/// <summary>
/// Keeps every field of a message that has a meaning, zeros too; reserved bytes and tolerated tails are no fields. For tools; a message
/// costs objects here.
/// </summary>
public sealed class FieldRecorder : MessageFields
{
    private readonly Stack<(string Name, List<IReadOnlyList<MessageField>> Entries, List<MessageField> Outer)> _open = new();
    private List<MessageField> _fields = [];
    private bool _derived;

    /// <summary>The fields so far, in wire order.</summary>
    public IReadOnlyList<MessageField> Fields => _fields;

    /// <inheritdoc/>
    public override MessageFields Number(string name, ulong value, FieldUnit unit = FieldUnit.None) =>
        Add(new(name, FieldForm.Number) { Value = value, Unit = unit });

    /// <inheritdoc/>
    public override MessageFields Symbol(string name, ulong value, string spelling) =>
        Add(new(name, FieldForm.Symbol) { Value = value, Spelling = spelling });

    /// <inheritdoc/>
    public override MessageFields Range(string label, string startName, ulong start, string sizeName, ulong size) =>
        Number(startName, start).Number(sizeName, size, FieldUnit.Bytes);

    /// <inheritdoc/>
    public override MessageFields Quoted(string name, WireBytes text) => Add(new(name, FieldForm.Text) { Bytes = text.ToArray() });

    /// <inheritdoc/>
    public override MessageFields Bytes(string name, WireBytes bytes) => Add(new(name, FieldForm.Bytes) { Bytes = bytes.ToArray() });

    /// <inheritdoc/>
    public override MessageFields List<T>(string name, WireList<T> list)
    {
        OpenList(name);
        foreach (var entry in list)
        {
            OpenEntry();
            entry.Describe(this);
            CloseEntry();
        }

        return CloseList();
    }

    internal override MessageFields OpenList(string name)
    {
        _open.Push((name, [], _fields));
        return this;
    }

    internal override MessageFields OpenEntry()
    {
        _fields = [];
        return this;
    }

    internal override MessageFields CloseEntry()
    {
        _open.Peek().Entries.Add(_fields);
        return this;
    }

    internal override MessageFields CloseList()
    {
        (var name, var entries, _fields) = _open.Pop();
        return Add(new(name, FieldForm.List) { Entries = entries });
    }

    internal override MessageFields Derived()
    {
        _derived = true;
        return this;
    }

    private FieldRecorder Add(MessageField field)
    {
        _fields.Add(_derived ? field with { IsDerived = true } : field);
        return this;
    }
}
