using System.Globalization;
using System.Text;

namespace RmStack.Protocol;

/// <summary>How names of this code are spelled to people.</summary>
internal static class Spelling
{
    /// <summary>The protocol's spelling, e.g. INIT_FAILED.</summary>
    public static string State(string name) => Split(name, '_').ToUpperInvariant();

    /// <summary>Lower case, e.g. device-memory.</summary>
    public static string Option(string name) => Split(name, '-').ToLowerInvariant();

    /// <summary>Whether two spellings are of one name: case, - and _ make no difference.</summary>
    public static bool AreSame(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        while (true)
        {
            one = one.TrimStart("-_");
            other = other.TrimStart("-_");
            if (one.IsEmpty || other.IsEmpty)
                return one.IsEmpty && other.IsEmpty;
            if (char.ToUpperInvariant(one[0]) != char.ToUpperInvariant(other[0]))
                return false;
            one = one[1..];
            other = other[1..];
        }
    }

    public static ulong AsNumber<T>(T value)
        where T : struct, Enum => Convert.ToUInt64(value, CultureInfo.InvariantCulture);

    private static string Split(string name, char between)
    {
        var spelled = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1]))
                spelled.Append(between);
            spelled.Append(name[i]);
        }

        return spelled.ToString();
    }
}

/// <summary>Names and numbers of one enumeration.</summary>
internal static class EnumNames<T>
    where T : struct, Enum
{
    /// <summary>Names in order of their numbers.</summary>
    public static IReadOnlyList<string> Names { get; } = Enum.GetNames<T>();

    private static readonly T[] s_values = Enum.GetValues<T>();

    /// <summary>Whether a number has a name.</summary>
    public static bool Has(ulong value) => Array.Exists(s_values, known => Spelling.AsNumber(known) == value);

    /// <summary>The number of a name, in whatever spelling.</summary>
    public static bool TryFind(ReadOnlySpan<char> name, out ulong value)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (!Spelling.AreSame(name, Names[i]))
                continue;
            value = Spelling.AsNumber(s_values[i]);
            return true;
        }

        value = 0;
        return false;
    }
}
