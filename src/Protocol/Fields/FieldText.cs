using System.Buffers;
using System.Globalization;
using System.Text;

namespace RmStack.Protocol;

/// <summary>
/// Values of fields as text, and back. What <see cref="MessageText"/> prints is taken; so is a value with its explanation behind it in
/// parentheses, as in <c>0x80 (128)</c>.
/// </summary>
internal static class FieldText
{
    private const int EchoedBytes = 40;
    private const string HexSeparators = "-: _";
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>The whole value, whatever its length: the inverse of the Try methods.</summary>
    public static string Of(MessageField field) => field.Form switch
    {
        FieldForm.Symbol => field.Spelling,
        FieldForm.Text => MessageText.Quote(field.Bytes.Span),
        FieldForm.Bytes => Convert.ToHexStringLower(field.Bytes.Span),
        FieldForm.List => Of(field.Entries),
        _ => MessageText.Numeral(field.Value),
    };

    /// <summary>A number: decimal, or hex behind 0x. False with <paramref name="overflow"/> when it is one that no field could hold.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, out ulong value, out bool overflow)
    {
        text = WithoutRemark(text);
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var digits = isHex ? text[2..] : text;
        overflow = false;
        value = 0;
        if (digits.IsEmpty || digits.ContainsAnyExcept(isHex ? s_hexDigits : s_digits))
            return false;
        overflow = !ulong.TryParse(digits, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return !overflow;
    }

    /// <summary>Two numbers with + between them.</summary>
    public static bool TryRange(ReadOnlySpan<char> text, out ulong start, out ulong size)
    {
        text = WithoutRemark(text);
        (start, size) = (0, 0);
        var plus = text.IndexOf('+');
        return plus >= 0 && TryNumber(text[..plus], out start, out _) && TryNumber(text[(plus + 1)..], out size, out _);
    }

    /// <summary>Hex digits; a GUID's hyphens and other separators between bytes do not matter.</summary>
    public static bool TryHex(ReadOnlySpan<char> text, out byte[] bytes)
    {
        var digits = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!HexSeparators.Contains(c, StringComparison.Ordinal))
                digits.Append(c);
            else if (digits.Length % 2 != 0)
                digits.Append('?');
        }

        bytes = [];
        if (digits.Length % 2 != 0)
            return false;
        bytes = new byte[digits.Length / 2];
        return Convert.FromHexString(digits.ToString(), bytes, out _, out _) == OperationStatus.Done;
    }

    /// <summary>
    /// Text: in quotes, with \n, \r, \t, \\, \" and \x and two hex digits; or as it stands, without any escape. False with what is wrong.
    /// </summary>
    public static bool TryText(string text, out byte[] bytes, out string reason)
    {
        reason = string.Empty;
        bytes = [];
        if (!text.StartsWith('"'))
        {
            bytes = Encoding.UTF8.GetBytes(text);
            return true;
        }

        var end = QuoteEnd(text, 0);
        if (end < 0)
        {
            reason = "the quote is not closed";
            return false;
        }

        if (!WithoutRemark(text.AsSpan(end)).IsEmpty)
        {
            reason = "something follows the quote" + (text.AsSpan(end).StartsWith("...", StringComparison.Ordinal) ? ": the text was cut when it was printed" : string.Empty);
            return false;
        }

        return TryUnescape(text.AsSpan(1, end - 2), out bytes, out reason);
    }

    /// <summary>Where the quoted text that begins at <paramref name="start"/> ends, behind its last quote; -1 when it does not.</summary>
    public static int QuoteEnd(string text, int start)
    {
        for (var at = start + 1; at < text.Length; at++)
        {
            if (text[at] == '\\')
                at++;
            else if (text[at] == '"')
                return at + 1;
        }

        return -1;
    }

    /// <summary>Foreign text, quoted and cut, for the line that says what is wrong with it.</summary>
    public static string Echo(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= EchoedBytes ? MessageText.Quote(bytes) : MessageText.Quote(bytes.AsSpan(0, EchoedBytes)) + "...";
    }

    /// <summary>Without spaces around it, and without a remark in parentheses at its end.</summary>
    public static ReadOnlySpan<char> WithoutRemark(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text.EndsWith(")", StringComparison.Ordinal) && text.LastIndexOf('(') is >= 0 and var open ? text[..open].TrimEnd() : text;
    }

    private static string Of(IReadOnlyList<IReadOnlyList<MessageField>> entries) =>
        "[" + string.Join(' ', entries.Select(entry => "{" + string.Join(' ', entry.Select(field => field.Name + "=" + Of(field))) + "}")) + "]";

    private static bool TryUnescape(ReadOnlySpan<char> text, out byte[] bytes, out string reason)
    {
        var unescaped = new ArrayBufferWriter<byte>(Math.Max(1, text.Length));
        reason = string.Empty;
        while (!text.IsEmpty)
        {
            var plain = text.IndexOf('\\');
            var run = plain < 0 ? text : text[..plain];
            Encoding.UTF8.GetBytes(run, unescaped);
            text = text[run.Length..];
            if (text.IsEmpty)
                break;
            if (!TryEscape(text, out var value, out var length))
            {
                bytes = [];
                reason = "after \\ comes none of n, r, t, \\, \" or x and two hex digits";
                return false;
            }

            unescaped.Write([value]);
            text = text[length..];
        }

        bytes = unescaped.WrittenSpan.ToArray();
        return true;
    }

    private static bool TryEscape(ReadOnlySpan<char> text, out byte value, out int length)
    {
        length = 2;
        value = 0;
        if (text.Length < 2)
            return false;
        switch (text[1])
        {
            case 'n':
                value = (byte)'\n';
                return true;
            case 'r':
                value = (byte)'\r';
                return true;
            case 't':
                value = (byte)'\t';
                return true;
            case '\\' or '"':
                value = (byte)text[1];
                return true;
            case 'x' when text.Length >= 4:
                length = 4;
                return byte.TryParse(text[2..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
            default:
                return false;
        }
    }
}
