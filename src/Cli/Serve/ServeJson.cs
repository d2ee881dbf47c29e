using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using RmStack.Cli.Reports;
using RmStack.Cli.Simulation;
using RmStack.Host;

namespace RmStack.Cli.Serve;

/// <summary>A server's doings as programs read them: an object per line.</summary>
/// <param name="output">Where to.</param>
/// <param name="failed">Called when nothing can be written any more.</param>
internal sealed class ServeJson(Stream output, Action failed) : ServeOutput(failed)
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public override void Listening(ServeOptions options) => Event("listening", null, json =>
    {
        var system = options.System;
        json.WriteString("socket", options.Path);
        json.WriteString("hypervisor", TextReport.HypervisorName(system.Hypervisor));
        json.WriteString("resourceManager", system.ResourceManager.ToString().ToLowerInvariant());
        json.WriteNumber("seed", system.Seed);
        json.WriteString("ramBase", Hex(system.Layout.HlosBase));
        json.WriteNumber("ramSize", system.Layout.HlosSize);
        if (options.Ram is { } ram) json.WriteString("ramFile", ram.Path);
        json.WriteNumber("maxConnections", options.MaxConnections);
    });

    /// <inheritdoc/>
    public override void Opened(int connection, ulong seed) => Event("opened", connection, json => json.WriteNumber("seed", seed));

    /// <inheritdoc/>
    public override void Closed(ConnectionReport report) => Event("closed", report.Number, json =>
    {
        json.WriteString("reason", report.Reason);
        json.WriteNumber("packetsToRm", report.PacketsToRm);
        json.WriteNumber("packetsFromRm", report.PacketsFromRm);
        json.WriteNumber("guestsRun", report.VmsRun);
        json.WriteNumber("virtualNanoseconds", report.Nanoseconds);
        json.WriteStartObject("dropped");
        foreach (var loss in report.Lost) json.WriteNumber(loss.Name, loss.Count);
        json.WriteEndObject();
    });

    /// <inheritdoc/>
    public override void ConsoleLine(int connection, ushort vmid, string text) => Event("console", connection, json =>
    {
        json.WriteNumber("vmid", vmid);
        json.WriteString("text", text);
    });

    /// <inheritdoc/>
    public override void GuestEnded(int connection, ushort vmid, VmExitInfo exit) => Event("guestEnded", connection, json =>
    {
        json.WriteNumber("vmid", vmid);
        json.WriteNumber("exitType", (ushort)exit.Type);
        json.WriteNumber("exitFlags", (ushort)exit.Flags);
        json.WriteNumber("exitCode", (ushort)exit.Code);
        json.WriteString("text", BootResult.Describe(exit));
    });

    /// <inheritdoc/>
    public override void NoDevice(int connection, ushort vmid, ulong address) => Event("noDevice", connection, json =>
    {
        json.WriteNumber("vmid", vmid);
        json.WriteString("address", Hex(address));
    });

    /// <inheritdoc/>
    public override void Log(int connection, string text) => Event("log", connection, json => json.WriteString("text", text));

    /// <inheritdoc/>
    public override void Problem(string text) => Event("problem", null, json => json.WriteString("text", text));

    /// <inheritdoc/>
    public override void Stopped(int connections) => Event("stopped", null, json => json.WriteNumber("connections", connections));

    private static string Hex(ulong number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);

    private void Event(string name, int? connection, Action<Utf8JsonWriter> fields) => Write(() =>
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, s_options))
        {
            json.WriteStartObject();
            json.WriteString("event", name);
            if (connection is { } number) json.WriteNumber("connection", number);
            fields(json);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        output.Write(line.WrittenSpan);
        output.Flush();
    });
}
