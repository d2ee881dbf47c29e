using System.Globalization;

namespace RmStack.Cli;

/// <summary>Sizes as people write them: bytes, or with K, M or G for powers of 1024; hexadecimal with 0x.</summary>
public static class SizeText
{
    /// <summary>Reads a size.</summary>
    public static bool TryParse(string? text, out ulong size)
    {
        size = 0;
        if (string.IsNullOrEmpty(text)) return false;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out size);
        var shift = char.ToUpperInvariant(text[^1]) switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            _ => 0,
        };
        var digits = shift == 0 ? text : text[..^1];
        if (!ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out size)) return false;
        if (size > ulong.MaxValue >> shift) return false;
        size <<= shift;
        return true;
    }

    /// <summary>Writes a size in the largest unit that divides it.</summary>
    public static string Format(ulong size)
    {
        foreach (var (shift, unit) in ((int, string)[])[(30, "GiB"), (20, "MiB"), (10, "KiB")])
            if (size != 0 && size % (1UL << shift) == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{size >> shift} {unit}");
        return string.Create(CultureInfo.InvariantCulture, $"{size} bytes");
    }
}
