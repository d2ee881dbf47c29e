using System.Globalization;
using System.Text;
using RmStack.Protocol.Messages;

namespace RmStack.Protocol;

/// <summary>One line for people under construction: <c>name=value</c> fields with single spaces between them.</summary>
public sealed class MessageText : MessageFields
{
    private const int EntriesShown = 4;
    private const int BytesShown = 64;
    private readonly StringBuilder _line = new();

    /// <inheritdoc/>
    public override bool IsBrief => true;

    /// <summary>A word of its own.</summary>
    public MessageText Word(string word)
    {
        Separate();
        _line.Append(word);
        return this;
    }

    /// <summary>A number: below ten as it is, above in hex.</summary>
    public override MessageText Number(string name, ulong value, FieldUnit unit = FieldUnit.None)
    {
        Name(name);
        return Value(value);
    }

    /// <inheritdoc/>
    public override MessageText Symbol(string name, ulong value, string spelling)
    {
        Name(name);
        _line.Append(spelling);
        return this;
    }

    /// <summary>A start and a size, as start+size.</summary>
    public override MessageText Range(string label, string startName, ulong start, string sizeName, ulong size)
    {
        Name(label);
        return RawRange(start, size);
    }

    /// <summary>Foreign text, quoted, with everything unprintable escaped and long text cut.</summary>
    public override MessageText Quoted(string name, WireBytes text)
    {
        Name(name);
        _line.Append('"');
        foreach (var c in text.Slice(0, Math.Min(text.Length, BytesShown)).ToArray())
            AppendCharacter(_line, c);
        _line.Append('"');
        return Cut(text.Length);
    }

    /// <summary>Bytes in hex; long runs are cut.</summary>
    public override MessageText Bytes(string name, WireBytes bytes)
    {
        Name(name);
        _line.Append(Convert.ToHexStringLower(bytes.Slice(0, Math.Min(bytes.Length, BytesShown)).ToArray()));
        return Cut(bytes.Length);
    }

    /// <summary>A list: its count unless one, and its first entries.</summary>
    public override MessageText List<T>(string name, WireList<T> list)
    {
        Name(name);
        if (list.Count != 1)
            _line.Append(list.Count.ToString(CultureInfo.InvariantCulture));
        if (list.Count == 0)
            return this;
        _line.Append('[');
        for (var i = 0; i < Math.Min(list.Count, EntriesShown); i++)
            list[i].AppendTo(this);
        if (list.Count > EntriesShown)
            Word("...");
        _line.Append(']');
        return this;
    }

    /// <summary>A start and a size without a name, inside a list entry or behind a label.</summary>
    public MessageText RawRange(ulong start, ulong size)
    {
        Separate();
        Value(start);
        _line.Append('+');
        return Value(size);
    }

    /// <summary>The number as this class writes numbers.</summary>
    public static string Numeral(ulong value) => value < 10
        ? value.ToString(CultureInfo.InvariantCulture)
        : "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Foreign text in quotes, with everything unprintable escaped.</summary>
    public static string Quote(ReadOnlySpan<byte> text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
            AppendCharacter(quoted, c);
        return quoted.Append('"').ToString();
    }

    /// <inheritdoc/>
    public override string ToString() => _line.ToString();

    internal override MessageText OpenList(string name)
    {
        Name(name);
        _line.Append('[');
        return this;
    }

    internal override MessageText OpenEntry() => this;

    internal override MessageText CloseEntry() => this;

    internal override MessageText CloseList()
    {
        _line.Append(']');
        return this;
    }

    internal override MessageText Derived() => this;

    private MessageText Value(ulong value)
    {
        _line.Append(Numeral(value));
        return this;
    }

    private MessageText Cut(int length)
    {
        if (length > BytesShown)
            _line.Append(CultureInfo.InvariantCulture, $"...({length} bytes)");
        return this;
    }

    private void Name(string name)
    {
        Separate();
        _line.Append(name).Append('=');
    }

    private void Separate()
    {
        if (_line.Length > 0 && _line[^1] is not (' ' or '[' or '='))
            _line.Append(' ');
    }

    private static void AppendCharacter(StringBuilder line, byte c)
    {
        switch (c)
        {
            case (byte)'\n':
                line.Append("\\n");
                break;
            case (byte)'\r':
                line.Append("\\r");
                break;
            case (byte)'\t':
                line.Append("\\t");
                break;
            case (byte)'"' or (byte)'\\':
                line.Append('\\').Append((char)c);
                break;
            case >= 0x20 and < 0x7F:
                line.Append((char)c);
                break;
            default:
                line.Append("\\x").Append(c.ToString("x2", CultureInfo.InvariantCulture));
                break;
        }
    }
}
