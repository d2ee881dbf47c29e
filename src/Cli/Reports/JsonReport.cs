using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RmStack.Cli.Simulation;

namespace RmStack.Cli.Reports;

/// <summary>A run as one JSON document: the same content as the text, always in the same order. Addresses are strings in hex.</summary>
public static class JsonReport
{
    /// <summary>Writes it.</summary>
    public static void Write(Stream output, BootRun run, BootOptions options, Transcript transcript)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(transcript);
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var summary = RunSummary.Of(run);
        json.WriteStartObject();
        WriteMachine(json, run, options);
        json.WriteStartArray("events");
        foreach (var happened in transcript.Events) WriteEvent(json, happened);
        json.WriteEndArray();
        json.WriteString("console", Encoding.Latin1.GetString(run.Console.Output));
        WriteSummary(json, summary);
        json.WriteStartObject("result");
        json.WriteNumber("exitCode", (int)run.Result.Code);
        json.WriteString("name", run.Result.Code.ToString());
        json.WriteString("message", run.Result.Message);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteMachine(Utf8JsonWriter json, BootRun run, BootOptions options)
    {
        var system = options.System;
        json.WriteStartObject("machine");
        json.WriteString("memoryBase", Hex(system.MemoryBase));
        json.WriteNumber("memorySize", system.MemorySize);
        json.WriteNumber("cpus", run.System.Hypervisor.Options.Cores);
        json.WriteString("hypervisor", system.Hypervisor == HypervisorVersion.V2312 ? "23.12" : "next");
        json.WriteString("resourceManager", system.ResourceManager.ToString().ToLowerInvariant());
        json.WriteString("profile", Host.DriverProfiles.Name(options.Profile));
        json.WriteNumber("seed", system.Seed);
        json.WriteEndObject();
        json.WriteStartObject("guest");
        json.WriteString("image", options.ImageName);
        json.WriteString("memoryBase", Hex(run.Vmm.MemoryBase));
        json.WriteNumber("memorySize", options.MemorySize);
        json.WriteNumber("vcpus", options.VCpus);
        json.WriteNumber("vmid", run.Guest?.Vmid ?? 0);
        json.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter json, TranscriptEvent happened)
    {
        json.WriteStartObject();
        json.WriteNumber("ns", happened.Nanoseconds);
        json.WriteString("kind", happened.Kind.ToString().ToLowerInvariant());
        json.WriteString("who", happened.Who);
        json.WriteString("text", happened.Text);
        if (happened.Message is { } message)
        {
            json.WriteStartObject("message");
            json.WriteNumber("sender", message.Sender);
            json.WriteNumber("receiver", message.Receiver);
            json.WriteString("type", message.Type);
            json.WriteString("id", Hex(message.Id));
            json.WriteString("name", message.Name);
            json.WriteNumber("seq", message.SequenceId);
            json.WriteNumber("packets", message.Packets);
            json.WriteNumber("bytes", message.Bytes);
            if (message.Error is { } error) json.WriteNumber("error", error);
            json.WriteString("content", Convert.ToHexStringLower(message.Content.Span));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteSummary(Utf8JsonWriter json, RunSummary summary)
    {
        json.WriteStartObject("summary");
        json.WriteStartArray("links");
        foreach (var link in summary.Links)
        {
            json.WriteStartObject();
            json.WriteString("from", link.From);
            json.WriteString("to", link.To);
            json.WriteNumber("packets", link.Packets);
            json.WriteNumber("messages", link.Messages);
            json.WriteNumber("bytes", link.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("hypercalls");
        foreach (var vm in summary.Hypercalls)
        {
            json.WriteStartObject(vm.Vm);
            json.WriteNumber("total", vm.Total);
            foreach (var call in vm.Calls) json.WriteNumber(call.Name, call.Count);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("vcpuRuns");
        foreach (var run in summary.VcpuRuns) json.WriteNumber(run.Name, run.Count);
        json.WriteEndObject();
        json.WriteNumber("guestInstructions", summary.GuestInstructions);
        json.WriteNumber("consoleBytes", summary.ConsoleBytes);
        json.WriteNumber("virtualNanoseconds", summary.VirtualNanoseconds);
        json.WriteNumber("pages", summary.Pages);
        json.WriteNumber("pagesHome", summary.PagesHome);
        json.WriteNumber("unclaimedAccesses", summary.UnclaimedAccesses);
        json.WriteEndObject();
    }

    private static string Hex(ulong number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);
}
