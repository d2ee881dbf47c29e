using RmStack.Protocol.Messages;

namespace RmStack.Protocol.Tests.Messages;

public sealed class MessageSampleTests
{
    public static TheoryData<int> Samples => new(Enumerable.Range(0, MessageSamples.All.Count));

    [Theory]
    [MemberData(nameof(Samples))]
    public void It_is_written_read_and_printed(int index)
    {
        var sample = MessageSamples.All[index];
        var payload = sample.Payload();
        Assert.Equal(sample.Text, Format(sample, payload));
        Assert.Equal(DecodeStatus.Ok, sample.Shape.Describe(payload, new MessageText(), out var position));
        Assert.InRange(position, 0, payload.Length);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_writer_leaves_no_old_byte_of_its_buffer(int index)
    {
        var sample = MessageSamples.All[index];
        Assert.Equal(Hex.Text(sample.Payload()), Hex.Text(sample.Payload(0xEE)));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_buffer_one_byte_too_small_is_the_writers_mistake_and_not_silently_cut(int index)
    {
        var sample = MessageSamples.All[index];
        var length = sample.Payload().Length;
        Assert.Throws<InvalidOperationException>(() => sample.Write(new byte[length - 1]));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Truncated_or_extended_it_is_refused_or_read_but_never_throws(int index)
    {
        var sample = MessageSamples.All[index];
        var payload = sample.Payload();
        var shape = sample.Shape;
        for (var length = 0; length < payload.Length; length++)
        {
            var status = shape.Describe(payload.AsSpan(0, length), new MessageText(), out var position);
            Assert.InRange(position, 0, length);
            if (length < shape.MinLength)
                Assert.NotEqual(DecodeStatus.Ok, status);
        }

        if (payload.Length >= shape.MaxLength)
            Assert.NotEqual(DecodeStatus.Ok, shape.Describe([.. payload, 0], new MessageText(), out _));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void With_any_bit_flipped_it_is_refused_or_read_but_never_throws(int index)
    {
        var sample = MessageSamples.All[index];
        var payload = sample.Payload();
        for (var bit = 0; bit < payload.Length * 8; bit++)
        {
            payload[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEmpty(Format(sample, payload));
            payload[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Every_layout_in_the_catalogue_has_a_sample()
    {
        var sampled = MessageSamples.All.Select(sample => sample.Shape.ViewName).ToHashSet(StringComparer.Ordinal);
        var layouts = MessageCatalogue.All.SelectMany(row => row.Reply is null ? [row.Content] : new[] { row.Content, row.Reply })
            .Select(shape => shape.ViewName)
            .Where(name => name is not (nameof(EmptyPayload) or nameof(OpaquePayload)));
        Assert.Empty(layouts.Where(name => !sampled.Contains(name)).Distinct(StringComparer.Ordinal));
    }

    private static string Format(MessageSamples.Sample sample, byte[] payload) => sample.IsReply
        ? MessageFormatter.FormatReply(sample.Id, [0, 0, 0, 0, .. payload])
        : MessageFormatter.FormatPayload(sample.Id, payload);
}
