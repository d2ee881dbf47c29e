using System.Text;

namespace RmStack.Protocol;

/// <summary>Finds where a word ends in text with quotes and brackets.</summary>
internal static class FieldScanner
{
    /// <summary>What ends a field of a line.</summary>
    public const string EndsLineField = "";

    /// <summary>
    /// The word that begins at <paramref name="start"/>: up to white space or one of <paramref name="ends"/>, where neither is inside quotes or
    /// brackets. False when a quote or bracket is not closed, or closed without having been opened.
    /// </summary>
    public static bool TryWord(string text, int start, string ends, out int end, out string problem)
    {
        var depth = 0;
        problem = string.Empty;
        for (end = start; end < text.Length; end++)
        {
            var c = text[end];
            if (depth == 0 && (char.IsWhiteSpace(c) || ends.Contains(c, StringComparison.Ordinal)))
                return true;
            switch (c)
            {
                case '"':
                    end = FieldText.QuoteEnd(text, end) - 1;
                    if (end < 0)
                    {
                        problem = "the quote is not closed";
                        return false;
                    }

                    break;
                case '[' or '{' or '(':
                    depth++;
                    break;
                case ']' or '}' or ')' when --depth < 0:
                    problem = "a bracket is closed that was not opened";
                    return false;
                default:
                    break;
            }
        }

        if (depth > 0)
            problem = "the bracket is not closed";
        return depth == 0;
    }

    /// <summary>Whether a list, or text in quotes, goes on behind this text.</summary>
    public static bool IsOpen(string text)
    {
        var value = text.IndexOf('=', StringComparison.Ordinal) + 1;
        if (value == text.Length)
            return false;
        if (text[value] == '"')
            return FieldText.QuoteEnd(text, value) < 0;
        // Only a list has an end of its own: [..] or 2[..].
        var bracket = value;
        while (bracket < text.Length && char.IsAsciiDigit(text[bracket]))
            bracket++;
        if (bracket == text.Length || text[bracket] != '[')
            return false;
        for (var at = bracket; at < text.Length; at++)
        {
            if (text[at] == ']')
                return false;
            if (text[at] == '"' && (at = FieldText.QuoteEnd(text, at) - 1) < 0)
                return true;
        }

        return true;
    }

    /// <summary>The value, in quotes where it would not be one word.</summary>
    public static string Quoted(string value) =>
        value.Length == 0 || (TryWord(value, 0, EndsLineField, out var end, out _) && end == value.Length) ? value : MessageText.Quote(Encoding.UTF8.GetBytes(value));
}
