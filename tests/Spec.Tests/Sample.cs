using System.Globalization;
using System.Text.Json.Nodes;
using RmStack.Testing;

namespace RmStack.Spec.Tests;

/// <summary>One message of spec/samples with what spec/expectations says it means.</summary>
public sealed record Sample(string Name, string Message, string Type, uint Id, ushort Sequence, int PacketCount, uint? Error, JsonObject? Fields, byte[] Bytes)
{
    public const int PacketSize = 240;
    public const int HeaderSize = 8;

    /// <summary>Every sample, by name.</summary>
    public static IReadOnlyDictionary<string, Sample> All { get; } = Directory.EnumerateFiles(Repository.PathOf("spec", "samples"), "*.bin")
        .Select(path => Read(Path.GetFileNameWithoutExtension(path)))
        .ToDictionary(sample => sample.Name, StringComparer.Ordinal);

    public bool IsReply => Type == "reply";

    /// <summary>The packets: each is full but the last.</summary>
    public IEnumerable<byte[]> Packets => Bytes.Chunk(PacketSize);

    /// <summary>What the packets carry, joined.</summary>
    public byte[] Content => Packets.SelectMany(packet => packet.Skip(HeaderSize)).ToArray();

    /// <summary>The content without the error word that a reply begins with.</summary>
    public byte[] Payload => IsReply ? Content[4..] : Content;

    public override string ToString() => Name;

    private static Sample Read(string name)
    {
        var json = JsonNode.Parse(File.ReadAllText(Repository.PathOf("spec", "expectations", name + ".json")))!.AsObject();
        return new Sample(
            name,
            (string)json["message"]!,
            (string)json["type"]!,
            uint.Parse(((string)json["id"]!)[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            (ushort)json["sequence"]!,
            (int)json["packets"]!,
            (uint?)json["error"],
            json["fields"] as JsonObject,
            File.ReadAllBytes(Repository.PathOf("spec", "samples", name + ".bin")));
    }
}
