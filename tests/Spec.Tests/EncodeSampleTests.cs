using System.Text.Json.Nodes;
using RmStack.Protocol;

namespace RmStack.Spec.Tests;

/// <summary>Every message of spec/samples is made again from text: from what our codec tells of it, and from what spec/expectations says of it.</summary>
public sealed class EncodeSampleTests
{
    // Samples with bytes that no field states: what their handler ignores, or takes as zero when it is missing.
    private static readonly Dictionary<string, string> s_untold = new(StringComparer.Ordinal)
    {
        ["demand-paging-longer"] = "bytes behind the last range",
        ["device-notify-longer"] = "bytes behind the last field",
        ["fw-set-vm-firmware-cut"] = "missing fields are zero",
        ["fw-set-vm-firmware-empty"] = "missing fields are zero",
        ["mem-accept-lists-cut"] = "ends before the attribute list",
        ["mem-lend-lists-cut"] = "ends before its lists",
        ["mem-notify-longer"] = "bytes behind the list",
        ["mem-reclaim-longer"] = "bytes behind the last field",
        ["real-guest-link-048-vm-set-status"] = "a reserved byte that is not zero",
        ["real-guest-link-056-mem-release"] = "bytes behind the last field",
    };

    [Fact]
    public void What_is_told_of_a_sample_makes_it_again()
    {
        var untold = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sample in Readable())
        {
            var told = Told(sample, sample.Payload);
            var again = Encode(sample, FieldValues.From(told));
            if (!again.SequenceEqual(sample.Payload))
                untold.Add(sample.Name);
            Assert.Equal(FieldValues.From(told).Pairs, FieldValues.From(Told(sample, again)).Pairs);
        }

        Assert.Equal(s_untold.Keys.Order(StringComparer.Ordinal), untold.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_the_expectation_says_makes_the_sample()
    {
        foreach (var sample in Readable())
        {
            var known = MessageEncoder.FieldsOf(new MessageId(sample.Id), TypeOf(sample), ErrorOf(sample));
            var again = Encode(sample, Values(sample.Fields!, known));
            Assert.True(
                s_untold.ContainsKey(sample.Name) || again.SequenceEqual(sample.Payload),
                $"{sample}: {Convert.ToHexStringLower(sample.Payload)} became {Convert.ToHexStringLower(again)}");
        }
    }

    [Fact]
    public void What_is_made_means_to_the_specification_what_the_expectation_says()
    {
        foreach (var sample in Readable().Where(sample => sample.Error is null or 0))
        {
            var again = Encode(sample, FieldValues.From(Told(sample, sample.Payload)));
            var fields = RmPayloadSpec.TryParse(sample.Id, sample.IsReply, again);
            Assert.True(JsonNode.DeepEquals(RmPayloadSpec.TryParse(sample.Id, sample.IsReply, sample.Payload), fields), sample.Name);
        }
    }

    private static IEnumerable<Sample> Readable() => Sample.All.Values.Where(sample => sample.Fields is not null);

    private static RpcMessageType TypeOf(Sample sample) => sample.IsReply ? RpcMessageType.Reply : RpcMessageType.Request;

    private static RmError ErrorOf(Sample sample) => (RmError)(sample.Error ?? 0);

    private static IReadOnlyList<MessageField> Told(Sample sample, byte[] payload)
    {
        var fields = new FieldRecorder();
        var layout = MessageCatalogue.LayoutOf(new MessageId(sample.Id), TypeOf(sample), ErrorOf(sample));
        Assert.True(layout.Describe(payload, fields, out _) == DecodeStatus.Ok, sample.Name);
        return fields.Fields;
    }

    private static byte[] Encode(Sample sample, FieldValues values)
    {
        Assert.True(
            MessageEncoder.TryEncode(new MessageId(sample.Id), TypeOf(sample), ErrorOf(sample), values, out var payload, out var error),
            $"{sample}: {error}");
        return payload;
    }

    /// <summary>The fields of an expectation as text. Text and bytes are hex there; only the schema tells them apart.</summary>
    private static FieldValues Values(JsonObject fields, IReadOnlyList<FieldInfo> known)
    {
        var values = new FieldValues();
        foreach (var (name, value) in fields)
            values.Add(name, Value(value!, known.Single(field => field.Name == name), fields));
        return values;
    }

    private static string Value(JsonNode value, FieldInfo field, JsonObject siblings) => value switch
    {
        JsonArray list => "[" + string.Join(' ', list.Select(entry => "{" + Values((JsonObject)entry!, field.EntryFields) + "}")) + "]",
        // The data of an identity is text but for a GUID.
        _ when field.Form == FieldForm.Text || (field.Name == "data" && (ulong)siblings["type"]! != 0) => MessageText.Quote(Convert.FromHexString((string)value!)),
        _ => value.ToString(),
    };
}
