using System.Buffers;
using System.Globalization;

namespace RmStack.Protocol;

/// <summary>
/// A list as text: <c>2[3:RW 0x80:RX]</c>, the count in front being optional, or <c>0</c>. Entries are in their short form, or named fields:
/// <c>{vmid=3 rights=RW}</c>, or without braces, where a name that comes again begins the next entry. Spaces and commas part entries.
/// </summary>
internal ref struct ListText
{
    private const string Parting = ", \t\r\n";
    private static readonly SearchValues<char> s_nameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_0123456789");

    private readonly FieldInfo _field;
    private readonly List<FieldValues> _entries;
    private readonly string _text;
    private int _at;

    private ListText(FieldInfo field, string text)
    {
        _field = field;
        _text = text;
        _entries = [];
    }

    private readonly char Current => _at < _text.Length ? _text[_at] : '\0';

    /// <summary>The entries' fields, by name. False with what is wrong.</summary>
    public static bool TryParse(string text, FieldInfo field, out IReadOnlyList<FieldValues> entries, out EncodeErrorKind kind, out string problem)
    {
        var parser = new ListText(field, text);
        entries = parser._entries;
        return parser.TryRun(out kind, out problem);
    }

    /// <summary>Whether it is a list without entries.</summary>
    public static bool IsEmpty(string text) => text.AsSpan().Trim() is "0" or "[]" or "0[]";

    private bool TryRun(out EncodeErrorKind kind, out string problem)
    {
        kind = EncodeErrorKind.BadValue;
        problem = string.Empty;
        if (IsEmpty(_text))
            return true;
        var open = _text.IndexOf('[', StringComparison.Ordinal);
        var announced = open > 0 ? _text.AsSpan(0, open).Trim() : "";
        var count = 0;
        if (open < 0 || !_text.AsSpan().TrimEnd().EndsWith("]", StringComparison.Ordinal)
            || (!announced.IsEmpty && !int.TryParse(announced, NumberStyles.None, CultureInfo.InvariantCulture, out count)))
        {
            problem = "is no list";
            return false;
        }

        _at = open + 1;
        while (!AtEnd())
        {
            if (_text.AsSpan(_at).StartsWith("...", StringComparison.Ordinal))
            {
                problem = "was cut when it was printed";
                return false;
            }

            if (!TryEntry(out problem))
                return false;
            if (_entries.Count > _field.MaxLength)
            {
                kind = EncodeErrorKind.DoesNotFit;
                problem = string.Create(CultureInfo.InvariantCulture, $"has more than the {_field.MaxLength} entries that a message can carry");
                return false;
            }
        }

        if (Current == '\0')
            problem = "has a bracket that is not closed";
        else if (_text.AsSpan(_at + 1).Trim().Length > 0)
            problem = "goes on behind its bracket";
        else if (!announced.IsEmpty && count != _entries.Count)
            problem = string.Create(CultureInfo.InvariantCulture, $"announces {count} entries and has {_entries.Count}");
        return problem.Length == 0;
    }

    private bool AtEnd()
    {
        while (_at < _text.Length && Parting.Contains(_text[_at], StringComparison.Ordinal))
            _at++;
        return Current is ']' or '\0';
    }

    private bool TryEntry(out string problem)
    {
        var isBraced = Current == '{';
        if (isBraced)
            _at++;
        if (!isBraced && _field.EntryForm.Length > 0 && !BeginsWithName())
            return TryShort(out problem);
        return TryNamed(isBraced, out problem);
    }

    private bool BeginsWithName()
    {
        // Where the short form itself is name=value, only braces tell of named fields.
        var equals = _text.AsSpan(_at).IndexOfAny('=', ' ', ']');
        return !_field.EntryForm.Contains('=', StringComparison.Ordinal) && equals > 0 && _text[_at + equals] == '=';
    }

    private bool TryNamed(bool isBraced, out string problem)
    {
        var entry = new FieldValues();
        while (!AtEndOfEntry(isBraced))
        {
            var start = _at;
            while (char.IsAsciiLetterOrDigit(Current) || Current == '_')
                _at++;
            var name = _text[start.._at];
            // decode has a space between name and value.
            if (name.Length == 0 || Current is not ('=' or ' '))
            {
                problem = Entry(_entries.Count) + "needs name=value at " + FieldText.Echo(_text[start..]);
                return false;
            }

            if (!isBraced && entry.Has(name))
            {
                _at = start;
                break;
            }

            _at++;
            if (!TryValue(out var value, out problem))
                return false;
            entry.Add(name, value);
        }

        problem = string.Empty;
        if (isBraced)
            _at++;
        _entries.Add(entry);
        return true;
    }

    private bool AtEndOfEntry(bool isBraced)
    {
        var ended = AtEnd();
        return isBraced ? Current == '}' : ended;
    }

    /// <summary>A value of a named field, with the remark behind it.</summary>
    private bool TryValue(out string value, out string problem)
    {
        value = string.Empty;
        if (!FieldScanner.TryWord(_text, _at, ",]}", out var end, out problem))
            return false;
        value = _text[_at..end];
        _at = end;
        while (Current == ' ')
            _at++;
        if (Current == '(')
            _at = _text.IndexOf(')', _at) is >= 0 and var close ? close + 1 : _text.Length;
        return true;
    }

    private bool TryShort(out string problem)
    {
        var entry = new FieldValues();
        var start = _at;
        var form = _field.EntryForm.AsSpan();
        problem = string.Empty;
        while (true)
        {
            var separator = form.IndexOfAnyExcept(s_nameCharacters);
            var name = separator < 0 ? form : form[..separator];
            if (!FieldScanner.TryWord(_text, _at, separator < 0 ? ",]}" : form[separator] + ",]}", out var end, out problem))
                return false;
            entry.Add(name.ToString(), _text[_at..end]);
            _at = end;
            if (end == start || (separator >= 0 && Current != form[separator]))
            {
                problem = Entry(_entries.Count) + FieldText.Echo(_text[start..end]) + " is not " + _field.EntryForm;
                return false;
            }

            if (separator < 0)
                break;
            form = form[(separator + 1)..];
            _at++;
        }

        _entries.Add(entry);
        return true;
    }

    internal static string Entry(int index) => string.Create(CultureInfo.InvariantCulture, $"entry {index + 1}: ");
}
