using System.Globalization;

namespace RmStack.Cli.Bench.Reports;

/// <summary>Numbers of three figures, with a unit.</summary>
internal static class BenchNumbers
{
    private const int Figures = 3;

    /// <summary>So many per second.</summary>
    public static string Rate(double perSecond) => perSecond switch
    {
        >= 1e9 => Short(perSecond / 1e9) + " G",
        >= 1e6 => Short(perSecond / 1e6) + " M",
        >= 1e3 => Short(perSecond / 1e3) + " k",
        _ => Short(perSecond),
    };

    /// <summary>A duration.</summary>
    public static string Time(double seconds) => seconds switch
    {
        >= 1 => Short(seconds) + " s",
        >= 1e-3 => Short(seconds * 1e3) + " ms",
        >= 1e-6 => Short(seconds * 1e6) + " us",
        _ => Short(seconds * 1e9) + " ns",
    };

    /// <summary>Three figures, or all before the point.</summary>
    public static string Short(double value)
    {
        var before = value < 1 ? 1 : (int)Math.Floor(Math.Log10(value)) + 1;
        return value.ToString("F" + Math.Clamp(Figures - before, 0, Figures - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
