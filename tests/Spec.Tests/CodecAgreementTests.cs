using System.Text.Json.Nodes;
using RmStack.Protocol;
using RmStack.Testing;

namespace RmStack.Spec.Tests;

/// <summary>
/// The hand-written codec and the one generated from spec/*.ksy, which were written apart from each other: they take the same bytes and read the
/// same fields in them, or both refuse.
/// </summary>
public sealed class CodecAgreementTests
{
    /// <summary>Random inputs per run. RMSTACK_SPEC_INPUTS asks for more, RMSTACK_SEED for others.</summary>
    private static readonly int Inputs = Number("RMSTACK_SPEC_INPUTS", 120_000);

    private static readonly int Seed = Number("RMSTACK_SEED", 20240229);

    public static TheoryData<string> Names => [.. Sample.All.Keys.Order(StringComparer.Ordinal)];

    [Fact]
    public void Every_sample_means_to_our_codec_what_is_expected_of_it()
    {
        var wrong = new List<string>();
        foreach (var sample in Sample.All.Values.Where(sample => sample.Error is null or 0))
        {
            var ours = OurFields.TryParse(sample.Id, sample.IsReply, sample.Payload);
            if (!JsonNode.DeepEquals(ours, sample.Fields))
                wrong.Add($"{sample}: {ours?.ToJsonString() ?? "refused"}, expected {sample.Fields?.ToJsonString() ?? "refused"}");
            if (MessageCatalogue.Find(new MessageId(sample.Id)) is { } row)
                Assert.Equal(sample.Message, row.Name);
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_sample_reads_the_same_in_the_pieces_in_which_it_arrives()
    {
        foreach (var sample in Sample.All.Values.Where(sample => sample.Error is null or 0))
        {
            var pieces = sample.Packets.Select((packet, i) => packet[(Sample.HeaderSize + (i == 0 && sample.IsReply ? 4 : 0))..]).ToArray();
            var sequence = Pieces.Of(pieces);
            Assert.Equal(sample.Fields?.ToJsonString(), OurFields.TryParse(sample.Id, sample.IsReply, in sequence)?.ToJsonString() is { } text ? Ordered(text, sample.Fields) : null);
        }
    }

    [Fact]
    public void Both_agree_on_every_truncation_and_on_a_byte_more()
    {
        foreach (var sample in Distinct())
        {
            for (var length = 0; length <= Math.Min(sample.Payload.Length, 256); length++)
                Agree(sample.Id, sample.IsReply, sample.Payload.AsSpan(0, length));
            Agree(sample.Id, sample.IsReply, [.. sample.Payload, 0]);
            Agree(sample.Id, sample.IsReply, [.. sample.Payload, 1, 2, 3, 4]);
        }
    }

    [Fact]
    public void Both_agree_on_every_flipped_bit()
    {
        foreach (var sample in Distinct())
        {
            var payload = sample.Payload;
            for (var bit = 0; bit < Math.Min(payload.Length, 96) * 8; bit++)
            {
                payload[bit / 8] ^= (byte)(1 << (bit % 8));
                Agree(sample.Id, sample.IsReply, payload);
                payload[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }
    }

    [Fact]
    public void Both_agree_on_random_inputs()
    {
        var random = new Random(Seed);
        var samples = Sample.All.Values.Where(sample => sample.Error is null or 0).OrderBy(sample => sample.Name, StringComparer.Ordinal).ToArray();
        for (var i = 0; i < Inputs; i++)
        {
            var sample = samples[random.Next(samples.Length)];
            var payload = random.Next(8) == 0 ? RandomBytes(random) : Damage(random, sample.Payload);
            try
            {
                Agree(sample.Id, sample.IsReply, payload);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"input {i} of seed {Seed} (RMSTACK_SEED), {(sample.IsReply ? "reply to" : "")} {sample.Message}: {Convert.ToHexStringLower(payload)}", e);
            }
        }
    }

    [Fact]
    public void Both_agree_on_replies_with_any_error_and_anything_behind_it()
    {
        var random = new Random(Seed);
        var replies = Sample.All.Values.Where(sample => sample.IsReply).OrderBy(sample => sample.Name, StringComparer.Ordinal).ToArray();
        foreach (var sample in replies)
            Same(RmPayloadSpec.TryParseReply(sample.Id, sample.Content), OurFields.TryParseReply(sample.Id, sample.Content), sample.Content);
        for (var i = 0; i < Inputs / 8; i++)
        {
            var sample = replies[random.Next(replies.Length)];
            var content = Damage(random, sample.Content);
            Same(RmPayloadSpec.TryParseReply(sample.Id, content), OurFields.TryParseReply(sample.Id, content), content);
        }
    }

    [Fact]
    public void Both_agree_on_random_packets()
    {
        var random = new Random(Seed);
        for (var i = 0; i < Inputs / 4; i++)
        {
            var packet = new byte[random.Next(8) == 0 ? random.Next(300) : random.Next(16)];
            random.NextBytes(packet);
            if (packet.Length > 0 && random.Next(4) != 0)
                packet[0] = 0x21;
            Same(RmPayloadSpec.TryParsePacket(packet), OurFields.TryParsePacket(packet), packet);
        }
    }

    [Fact]
    public void Every_row_of_the_catalogue_has_a_type_of_its_own_and_samples_on_both_sides()
    {
        var missing = new List<string>();
        foreach (var row in MessageCatalogue.All)
        {
            var samples = Sample.All.Values.Where(sample => sample.Id == row.Id.Value && sample.Fields is not null).ToArray();
            Check(row.Content, samples.FirstOrDefault(sample => !sample.IsReply), row.Name);
            if (row.Reply is not null)
                Check(row.Reply, samples.FirstOrDefault(sample => sample is { IsReply: true, Error: 0 }), row.Name + " reply");
        }

        Assert.Empty(missing);

        void Check(PayloadInfo layout, Sample? sample, string name)
        {
            if (sample is null)
            {
                // An id whose reply nobody has ever seen has no success to show.
                if (!layout.IsOpaque || !name.EndsWith(" reply", StringComparison.Ordinal))
                    missing.Add(name + " has no sample");
                return;
            }

            var isBytes = RmPayloadSpec.TryParse(sample.Id, sample.IsReply, sample.Payload)!.ContainsKey("payload");
            if (isBytes != (layout.IsOpaque && sample.Payload.Length > 0) && !layout.IsOpaque)
                missing.Add(name + " is bytes to the specification");
        }
    }

    private static IEnumerable<Sample> Distinct() =>
        Sample.All.Values.Where(sample => sample.Error is null or 0).DistinctBy(sample => (sample.Id, sample.IsReply, Convert.ToHexString(sample.Payload)));

    private static void Agree(uint id, bool isReply, ReadOnlySpan<byte> payload) =>
        Same(RmPayloadSpec.TryParse(id, isReply, payload), OurFields.TryParse(id, isReply, payload), payload);

    private static void Same(JsonObject? spec, JsonObject? ours, ReadOnlySpan<byte> bytes)
    {
        if (!JsonNode.DeepEquals(spec, ours))
            Assert.Fail($"specification: {spec?.ToJsonString() ?? "refused"}\ncodec: {ours?.ToJsonString() ?? "refused"}\nbytes: {Convert.ToHexStringLower(bytes)}");
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(64)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Damage(Random random, byte[] payload)
    {
        var length = random.Next(4) == 0 ? random.Next(payload.Length + 1) : payload.Length;
        var damaged = payload[..length];
        for (var changes = random.Next(4); changes > 0 && length > 0; changes--)
        {
            // Counts, kinds and flags stand in front; interesting values are small, large, or one off.
            var at = random.Next(Math.Min(length, 40));
            damaged[at] = random.Next(5) switch
            {
                0 => (byte)random.Next(256),
                1 => 0xFF,
                2 => (byte)random.Next(4),
                3 => (byte)(damaged[at] + 1),
                _ => (byte)(damaged[at] - 1),
            };
        }

        return random.Next(8) == 0 ? [.. damaged, .. RandomBytes(random)] : damaged;
    }

    private static string Ordered(string text, JsonObject? like) =>
        JsonNode.DeepEquals(JsonNode.Parse(text), like) ? like!.ToJsonString() : text;

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;
}
