using System.Text.Encodings.Web;
using System.Text.Json;

namespace RmStack.Cli.Bench.Reports;

/// <summary>A run as one JSON document. Times are in nanoseconds.</summary>
internal static class BenchJson
{
    private static readonly string[] s_percentiles = ["p50", "p90", "p99", "p99.9", "max"];

    /// <summary>Writes it.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="report">The run.</param>
    public static void Write(Stream output, BenchReport report)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        WriteMachine(json, report.Facts);
        WritePlan(json, report);
        json.WriteStartArray("rows");
        foreach (var row in report.Rows)
            WriteRow(json, report, row);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteMachine(Utf8JsonWriter json, MachineFacts facts)
    {
        json.WriteStartObject("machine");
        json.WriteString("processor", facts.Processor);
        json.WriteNumber("cores", facts.Cores);
        json.WriteString("system", facts.System);
        json.WriteString("runtime", facts.Runtime);
        json.WriteBoolean("serverGc", facts.ServerGc);
        if (facts.Load is { } load)
            json.WriteNumber("loadBefore", load);
        json.WriteNumber("clockNs", Rounded(facts.ClockNanoseconds));
        json.WriteEndObject();
    }

    private static void WritePlan(Utf8JsonWriter json, BenchReport report)
    {
        json.WriteStartObject("measured");
        json.WriteNumber("warmUpPasses", report.WarmUpPasses);
        json.WriteNumber("warmUpNs", Math.Round(report.Plan.WarmUp * 1e9));
        json.WriteNumber("rounds", report.Rounds);
        json.WriteNumber("roundNs", Math.Round(report.Plan.Round * 1e9));
        json.WriteBoolean("interrupted", report.Interrupted);
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, BenchReport report, BenchRow row)
    {
        var what = row.Case;
        json.WriteStartObject();
        json.WriteString("id", what.Id);
        json.WriteString("group", what.Group);
        json.WriteString("what", what.What);
        json.WriteBoolean("floor", what.IsFloor);
        json.WriteString("unit", what.Unit == BenchUnit.Packets ? "packets" : "roundTrips");
        json.WriteString("message", what.Message);
        json.WriteNumber("bytes", what.Bytes);
        json.WriteNumber("inFlight", what.InFlight);
        json.WriteNumber("bestPerSecond", Rounded(1 / row.Best));
        json.WriteNumber("medianPerSecond", Rounded(1 / row.Median));
        json.WriteNumber("bestNs", Rounded(row.Best * 1e9));
        json.WriteNumber("medianNs", Rounded(row.Median * 1e9));
        json.WriteStartArray("roundsNs");
        foreach (var seconds in row.Rounds)
            json.WriteNumberValue(Rounded(seconds * 1e9));
        json.WriteEndArray();
        json.WriteNumber("bytesPerSecond", Math.Round(what.Bytes / row.Best));
        json.WriteNumber("allocatedBytes", Rounded(row.Allocated));
        if (row.Latencies is { } latencies)
            WriteLatencies(json, latencies);
        json.WriteStartArray("floors");
        foreach (var floor in what.Floors)
        {
            if (report.Ratio(row, floor) is not { } ratio)
                continue;
            json.WriteStartObject();
            json.WriteString("label", floor.Label);
            json.WriteString("id", floor.Id);
            json.WriteNumber("ratio", Rounded(ratio));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLatencies(Utf8JsonWriter json, LatencyHistogram latencies)
    {
        json.WriteStartObject("latencyNs");
        json.WriteNumber("calls", latencies.Count);
        foreach (var (name, value) in s_percentiles.Zip(BenchText.Percentiles(latencies)))
            json.WriteNumber(name, value);
        json.WriteEndObject();
    }

    // Four figures behind the point are more than was measured.
    private static double Rounded(double value) => Math.Round(value, 4);
}
