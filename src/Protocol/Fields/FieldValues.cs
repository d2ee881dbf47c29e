using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace RmStack.Protocol;

/// <summary>
/// Fields of a message as text, by name: what <see cref="MessageEncoder"/> makes a message from. The syntax is that of the lines which
/// <see cref="MessageFormatter"/> prints: <c>mem_type=normal label=7 acl=[0x80:RWX] sgl=[0x41000000+0x200000]</c>.
/// </summary>
/// <remarks>Nothing is checked here but syntax: which names there are and what they take depends on the message.</remarks>
public sealed class FieldValues
{
    private readonly List<KeyValuePair<string, string>> _values = [];

    /// <summary>Names and values in the order in which they were given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs => _values;

    /// <summary>Fields of a message that was told to a <see cref="FieldRecorder"/>; what is told twice is taken once.</summary>
    public static FieldValues From(IEnumerable<MessageField> fields)
    {
        var values = new FieldValues();
        foreach (var field in fields.Where(field => !field.IsDerived))
            values.Add(field.Name, FieldText.Of(field));
        return values;
    }

    /// <summary>
    /// Fields as they stand in one line, with spaces between them. A text with spaces needs quotes; lists may have spaces inside their
    /// brackets.
    /// </summary>
    public static bool TryParse(string line, out FieldValues values, [NotNullWhen(false)] out EncodeError? error)
    {
        values = new FieldValues();
        error = null;
        var at = 0;
        while ((at = Skip(line, at)) < line.Length)
        {
            if (!FieldScanner.TryWord(line, at, FieldScanner.EndsLineField, out var end, out var problem))
            {
                error = Bad(line[at..], problem);
                return false;
            }

            // The explanation of the value before it, as decode prints one.
            if (line[at] != '(' || values._values.Count == 0)
            {
                error = values.AddAssignment(line[at..end]);
                if (error is not null)
                    return false;
            }

            at = end;
        }

        return true;
    }

    /// <summary>
    /// Fields as a shell hands them over: one per argument, where text needs no quotes of its own. A list that a shell has cut at its spaces
    /// is put together again.
    /// </summary>
    public static bool TryParse(IEnumerable<string> arguments, out FieldValues values, [NotNullWhen(false)] out EncodeError? error)
    {
        values = new FieldValues();
        var open = new StringBuilder();
        foreach (var argument in arguments)
        {
            open.Append(open.Length > 0 ? " " : string.Empty).Append(argument);
            var text = open.ToString();
            if (FieldScanner.IsOpen(text))
                continue;
            open.Clear();
            error = values.AddAssignment(text);
            if (error is not null)
                return false;
        }

        error = open.Length > 0 ? Bad(open.ToString(), "the bracket or quote is not closed") : null;
        return error is null;
    }

    /// <summary>Adds a field.</summary>
    public FieldValues Add(string name, string value)
    {
        _values.Add(KeyValuePair.Create(name, value));
        return this;
    }

    /// <summary>The line that <see cref="TryParse(string, out FieldValues, out EncodeError)"/> takes.</summary>
    public override string ToString() => string.Join(' ', _values.Select(pair => pair.Key + "=" + FieldScanner.Quoted(pair.Value)));

    internal bool Has(string name) => _values.Exists(pair => string.Equals(pair.Key, name, StringComparison.Ordinal));

    internal bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        value = _values.Find(pair => string.Equals(pair.Key, name, StringComparison.Ordinal)).Value;
        return value is not null;
    }

    private static int Skip(string line, int at)
    {
        while (at < line.Length && char.IsWhiteSpace(line[at]))
            at++;
        return at;
    }

    private static EncodeError Bad(string text, string problem) =>
        new(EncodeErrorKind.Syntax, string.Empty, string.Empty, FieldText.Echo(text) + ": " + problem, "a field is name=value, e.g. vmid=0x80");

    private EncodeError? AddAssignment(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            return Bad(text, "no name and value");
        Add(text[..equals].Trim(), text[(equals + 1)..]);
        return null;
    }
}
