using System.Buffers;
using RmStack.Cli.Tests;
using RmStack.Machine.Tests.Guests;
using RmStack.Testing;
using RmStack.Transport.Capture;

namespace RmStack.Wireshark.Tests;

/// <summary>Wireshark's command line with our dissector, which judges captures and is judged by them. A tool that is missing fails the test.</summary>
internal static class Tshark
{
    public const string Package = "tshark";

    private static string Dissector => Repository.PathOf("spec", "wireshark", "gunyah_rm.lua");

    /// <summary>Runs it over a capture. Anything that Lua complains about, on whatever stream, fails the test.</summary>
    public static string Run(byte[] capture, bool twoPasses, params string[] options)
    {
        var file = Rmstack.File("test.pcapng", capture);
        try
        {
            string[] passes = twoPasses ? ["-2"] : [];
            string[] arguments = ["-X", "lua_script:" + Dissector, .. passes, "-r", file, .. options];
            var result = ExternalTool.Run("tshark", Package, [], arguments);
            var complaint = (result.Errors + result.Text).Split('\n').FirstOrDefault(line => line.Contains("Lua Error", StringComparison.OrdinalIgnoreCase) || line.Contains("gunyah_rm.lua", StringComparison.Ordinal));
            Assert.True(complaint is null && result.ExitCode == 0, $"tshark ended with {result.ExitCode}: {complaint ?? result.Errors}");
            return System.Text.Encoding.UTF8.GetString(result.Output);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    /// <summary>Fields of each packet; a field that a packet has several times has its values joined with commas.</summary>
    public static string[][] Fields(byte[] capture, bool twoPasses, params string[] fields) =>
        [.. Run(capture, twoPasses, ["-T", "fields", .. fields.SelectMany(name => new[] { "-e", name.StartsWith("frame.", StringComparison.Ordinal) || name.StartsWith("_ws.", StringComparison.Ordinal) ? name : "gunyah_rm." + name })])
            .Split('\n', StringSplitOptions.None)[..^1].Select(line => line.Split('\t'))];

    /// <summary>The info column.</summary>
    public static string[] Infos(byte[] capture, bool twoPasses = false) => [.. Fields(capture, twoPasses, "_ws.col.Info").Select(row => row[0])];
}

/// <summary>Puts captures together.</summary>
internal sealed class CaptureBuilder
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly PcapngWriter _writer;
    private readonly Dictionary<ushort, int> _links = [];
    private ulong _now;

    public CaptureBuilder() => _writer = new PcapngWriter(_output);

    public byte[] ToArray() => _output.WrittenSpan.ToArray();

    public CaptureBuilder Up(params byte[][] packets) => Add(3, CaptureDirection.ToRm, packets);

    public CaptureBuilder Down(params byte[][] packets) => Add(3, CaptureDirection.FromRm, packets);

    /// <summary>Adds packets, a microsecond apart.</summary>
    public CaptureBuilder Add(ushort vmid, CaptureDirection direction, params byte[][] packets)
    {
        if (!_links.TryGetValue(vmid, out var link)) _links.Add(vmid, link = _writer.AddLink(vmid, vmid == 3 ? "HLOS" : "guest"));
        foreach (var packet in packets) _writer.Write(link, direction, _now += 1000, packet);
        return this;
    }
}
