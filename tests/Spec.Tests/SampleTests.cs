using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RmStack.Testing;

namespace RmStack.Spec.Tests;

/// <summary>The specification against messages whose meaning was written down without it.</summary>
public sealed partial class SampleTests
{
    [Fact]
    public void Every_sample_is_whole_packets_whose_headers_agree()
    {
        foreach (var sample in Sample.All.Values)
        {
            var packets = sample.Packets.ToList();
            Assert.Equal(sample.PacketCount, packets.Count);
            for (var i = 0; i < packets.Count; i++)
            {
                var packet = RmPayloadSpec.TryParsePacket(packets[i]) ?? throw new InvalidDataException($"{sample}: packet {i}");
                var kind = i > 0 ? 0ul : sample.Type switch { "request" => 1, "reply" => 2, _ => 3 };
                var expected = new JsonObject
                {
                    ["version"] = 1,
                    ["header_words"] = 2,
                    ["type"] = kind,
                    ["fragments"] = packets.Count - 1,
                    ["sequence"] = sample.Sequence,
                    ["id"] = sample.Id,
                    ["content"] = Convert.ToHexStringLower(packets[i].AsSpan(Sample.HeaderSize)),
                };
                Assert.Equal(expected.ToJsonString(), packet.ToJsonString());
            }
        }
    }

    [Fact]
    public void Every_sample_parses_to_exactly_the_fields_it_was_made_from()
    {
        var wrong = new List<string>();
        foreach (var sample in Sample.All.Values)
        {
            var actual = sample.Error is > 0 ? RmPayloadSpec.TryParseReply(sample.Id, sample.Content) : RmPayloadSpec.TryParse(sample.Id, sample.IsReply, sample.Payload);
            JsonObject? expected = sample.Fields;
            if (sample.Error is { } error and > 0)
                expected = new JsonObject(expected!.Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())).Prepend(KeyValuePair.Create("error", (JsonNode?)error)));
            if (Canonical(expected) != Canonical(actual)) wrong.Add($"{sample}: expected {Canonical(expected)}, got {Canonical(actual)}");
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void A_reply_that_says_OK_is_its_error_word_and_its_payload()
    {
        foreach (var sample in Sample.All.Values.Where(sample => sample.Error == 0))
        {
            var whole = RmPayloadSpec.TryParseReply(sample.Id, sample.Content)!;
            Assert.True(whole.Remove("error"));
            Assert.Equal(Canonical(sample.Fields), Canonical(whole));
        }
    }

    [Fact]
    public void Every_expectation_has_a_sample()
    {
        var expectations = Directory.EnumerateFiles(Repository.PathOf("spec", "expectations")).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal);
        Assert.Equal(Sample.All.Keys.Order(StringComparer.Ordinal), expectations);
    }

    [Fact]
    public void Every_message_of_the_specification_has_a_sample_of_each_form()
    {
        // An id is a case of the switch for requests and notifications, and of the one for replies when there is a reply.
        var switches = File.ReadAllText(Repository.PathOf("spec", "gunyah_rm_payload.ksy")).Split("- id: reply");
        Assert.Equal(2, switches.Length);
        var missing = new List<string>();
        foreach (var (text, isReply) in switches.Select((text, i) => (text, i == 1)))
        {
            var ids = CasePattern().Matches(text).Select(match => Convert.ToUInt32(match.Groups["id"].Value, 16)).ToList();
            Assert.InRange(ids.Count, 65, 90);
            Assert.Equal(ids.Count, ids.Distinct().Count());
            missing.AddRange(ids.Where(id => !Sample.All.Values.Any(s => s.Id == id && s.IsReply == isReply && s.Error is null or 0 && s.Fields is not null))
                .Select(id => $"{id:x8} {(isReply ? "reply" : "message")}"));
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void A_request_has_a_reply_and_a_notification_has_none()
    {
        var switches = File.ReadAllText(Repository.PathOf("spec", "gunyah_rm_payload.ksy")).Split("- id: reply");
        var ids = switches.Select(text => CasePattern().Matches(text).Select(match => match.Groups["id"].Value).ToHashSet(StringComparer.Ordinal)).ToArray();
        Assert.Equal(ids[0].Where(id => id[4] != '1').Order(), ids[1].Order());
    }

    /// <summary>Text that is equal when two trees are, whatever the order of their members.</summary>
    private static string Canonical(JsonNode? node) => node switch
    {
        null => "nothing",
        JsonObject o => "{" + string.Join(',', o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + ":" + Canonical(p.Value))) + "}",
        JsonArray a => "[" + string.Join(',', a.Select(Canonical)) + "]",
        _ => node.ToJsonString(),
    };

    [GeneratedRegex("^ +(?<id>0x[0-9a-f]{8}): ", RegexOptions.Multiline, 1000)]
    private static partial Regex CasePattern();
}
