using System.Globalization;
using System.Text;

namespace RmStack.Protocol.Messages;

/// <summary>One line for people under construction: <c>name=value</c> fields with single spaces between them.</summary>
public sealed class MessageText
{
    private const int EntriesShown = 4;
    private const int BytesShown = 64;
    private readonly StringBuilder _line = new();

    /// <summary>A word of its own.</summary>
    public MessageText Word(string word)
    {
        Separate();
        _line.Append(word);
        return this;
    }

    /// <summary>A number: below ten as it is, above in hex.</summary>
    public MessageText Number(string name, ulong value)
    {
        Name(name);
        return Value(value);
    }

    /// <summary>A number that is left out when it is zero.</summary>
    public MessageText NumberIfSet(string name, ulong value) => value == 0 ? this : Number(name, value);

    /// <summary>A start and a size, as start+size.</summary>
    public MessageText Range(string name, ulong start, ulong size)
    {
        Name(name);
        Value(start);
        _line.Append('+');
        return Value(size);
    }

    /// <summary>A state or kind in the protocol's spelling, e.g. INIT_FAILED; unknown ones as numbers.</summary>
    public MessageText State<T>(string name, T value)
        where T : struct, Enum
    {
        Name(name);
        _line.Append(Spell(value, '_').ToUpperInvariant());
        return this;
    }

    /// <summary>An option in lower case, e.g. device-memory; flags joined by |; unknown ones as numbers.</summary>
    public MessageText Option<T>(string name, T value)
        where T : struct, Enum
    {
        Name(name);
        _line.Append(Spell(value, '-').Replace(", ", "|", StringComparison.Ordinal).ToLowerInvariant());
        return this;
    }

    /// <summary>An option that is left out when it is zero.</summary>
    public MessageText OptionIfSet<T>(string name, T value)
        where T : struct, Enum =>
        EqualityComparer<T>.Default.Equals(value, default) ? this : Option(name, value);

    /// <summary>Foreign text, quoted, with everything unprintable escaped and long text cut.</summary>
    public MessageText Quoted(string name, ReadOnlySpan<byte> text)
    {
        Name(name);
        _line.Append('"');
        foreach (var c in text[..Math.Min(text.Length, BytesShown)])
            AppendCharacter(c);
        _line.Append('"');
        if (text.Length > BytesShown)
            _line.Append(CultureInfo.InvariantCulture, $"...({text.Length} bytes)");
        return this;
    }

    /// <summary>Bytes in hex; long runs are cut.</summary>
    public MessageText Bytes(string name, ReadOnlySpan<byte> bytes)
    {
        Name(name);
        _line.Append(Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, BytesShown)]));
        if (bytes.Length > BytesShown)
            _line.Append(CultureInfo.InvariantCulture, $"...({bytes.Length} bytes)");
        return this;
    }

    /// <summary>A list: its count unless one, and its first entries.</summary>
    public MessageText List<T>(string name, WireList<T> list)
        where T : struct, IWireElement<T>
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

    /// <summary>A value without a name, inside a list entry.</summary>
    public MessageText Raw(string text)
    {
        Separate();
        _line.Append(text);
        return this;
    }

    /// <summary>A start and a size without a name, inside a list entry.</summary>
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

    /// <inheritdoc/>
    public override string ToString() => _line.ToString();

    private static string Spell<T>(T value, char between)
        where T : struct, Enum
    {
        var name = value.ToString();
        if (char.IsDigit(name[0]) || name[0] == '-')
            return Numeral(Convert.ToUInt64(value, CultureInfo.InvariantCulture));
        var spelled = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1]))
                spelled.Append(between);
            spelled.Append(name[i]);
        }

        return spelled.ToString();
    }

    private MessageText Value(ulong value)
    {
        _line.Append(Numeral(value));
        return this;
    }

    private void Name(string name)
    {
        Separate();
        _line.Append(name).Append('=');
    }

    private void Separate()
    {
        if (_line.Length > 0 && _line[^1] is not (' ' or '['))
            _line.Append(' ');
    }

    private void AppendCharacter(byte c)
    {
        switch (c)
        {
            case (byte)'\n':
                _line.Append("\\n");
                break;
            case (byte)'\r':
                _line.Append("\\r");
                break;
            case (byte)'\t':
                _line.Append("\\t");
                break;
            case (byte)'"' or (byte)'\\':
                _line.Append('\\').Append((char)c);
                break;
            case >= 0x20 and < 0x7F:
                _line.Append((char)c);
                break;
            default:
                _line.Append("\\x").Append(c.ToString("x2", CultureInfo.InvariantCulture));
                break;
        }
    }
}
