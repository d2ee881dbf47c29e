namespace RmStack.Spec.Tests;

/// <summary>What the specification refuses.</summary>
public sealed class RefusalTests
{
    private const int Longest = 64;

    /// <summary>Requests and notifications of one size.</summary>
    public static TheoryData<uint, int> Messages { get; } = new()
    {
        { 0x00000005, 4 }, { 0x56000040, 4 }, { 0x56000042, 4 }, // log, minidump
        { 0x51000020, 0 }, { 0x51000032, 12 }, { 0x51000033, 12 }, { 0x51000034, 8 }, // firmware, heaps
        { 0x51100012, 12 }, { 0x51100013, 12 }, { 0x51100014, 8 }, // memory
        { 0x56000001, 4 }, { 0x56000002, 4 }, { 0x56000004, 4 }, { 0x56000005, 8 }, { 0x56000006, 4 }, { 0x56000009, 40 }, { 0x5600000b, 4 },
        { 0x56000085, 4 }, { 0x56100002, 4 }, { 0x56100008, 8 }, // life
        { 0x56000010, 4 }, { 0x56000012, 16 }, { 0x56000015, 0 }, { 0x56000017, 4 }, { 0x56000019, 4 }, { 0x56000020, 4 }, { 0x56000024, 0 },
        { 0x56000025, 0 }, { 0x56000080, 4 }, { 0x560000a0, 0 }, // queries
        { 0x5600000c, 16 }, { 0x56000030, 20 }, { 0x56000031, 16 }, { 0x56000032, 24 }, { 0x56000034, 24 }, { 0x56000035, 4 }, // settings
        { 0x56000050, 8 }, { 0x56000051, 12 }, { 0x56000052, 4 }, { 0x56000053, 4 }, { 0x56100011, 12 }, { 0x56100012, 4 }, { 0x56100013, 4 }, // interrupts
        { 0x56000060, 12 }, { 0x56000061, 8 }, { 0x56000062, 8 }, { 0x56000063, 8 }, { 0x56000065, 16 }, { 0x56000066, 8 }, { 0x56000067, 4 },
        { 0x56000068, 4 }, { 0x56000069, 8 }, { 0x56100060, 8 }, { 0x56100061, 8 }, { 0x56100062, 4 }, { 0x56100063, 8 }, { 0x56100064, 8 }, // devices
        { 0x56000081, 4 }, { 0x56000082, 4 }, { 0x56000084, 4 }, // consoles
    };

    /// <summary>Payloads of one size in replies that say OK.</summary>
    public static TheoryData<uint, int> Replies { get; } = MakeReplies();

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_of_one_size_is_refused_at_every_other(uint id, int size) => Refused(id, false, size);

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_of_one_size_is_refused_at_every_other(uint id, int size) => Refused(id, true, size);

    /// <summary>Where a list, a text or an option makes the size, the shortest payload still has a least size.</summary>
    [Theory]
    [InlineData(0x51000010, 20)]
    [InlineData(0x51000012, 20)]
    [InlineData(0x51000013, 20)]
    [InlineData(0x51000011, 24)]
    [InlineData(0x51000014, 8)]
    [InlineData(0x51000015, 8)]
    [InlineData(0x51000017, 12)]
    [InlineData(0x51000018, 12)]
    [InlineData(0x5100001a, 16)]
    [InlineData(0x51100011, 32)]
    [InlineData(0x5600000a, 4)]
    [InlineData(0x56000011, 4)]
    [InlineData(0x56000013, 4)]
    [InlineData(0x56000033, 8)]
    [InlineData(0x56000041, 20)]
    [InlineData(0x56000043, 8)]
    [InlineData(0x56000054, 8)]
    [InlineData(0x56000064, 8)]
    [InlineData(0x56000083, 4)]
    [InlineData(0x56000086, 4)]
    [InlineData(0x560000b0, 16)]
    [InlineData(0x56100001, 8)]
    [InlineData(0x56100080, 4)]
    public void A_message_with_a_least_size_is_refused_below_it(uint id, int least)
    {
        for (var length = 0; length < least; length++) Assert.Null(RmPayloadSpec.TryParse(id, isReply: false, new byte[length]));
        Assert.NotNull(RmPayloadSpec.TryParse(id, isReply: false, new byte[least]));
    }

    [Fact]
    public void A_byte_too_many_is_refused_unless_the_RM_does_not_look_at_it()
    {
        // What follows is not looked at, or the payload is nothing but bytes, or its size is free (FW_SET_VM_FIRMWARE).
        uint[] tolerant = [0x51000014, 0x51000015, 0x51000017, 0x51000021, 0x56000033, 0x56000064];
        foreach (var sample in Sample.All.Values.Where(s => s.Fields is not null && s.Error is null or 0))
        {
            var fields = RmPayloadSpec.TryParse(sample.Id, sample.IsReply, [.. sample.Payload, 0]);
            var expected = sample.Fields!.ContainsKey("payload") || (!sample.IsReply && tolerant.Contains(sample.Id));
            // Forty bytes are the most that FW_SET_VM_FIRMWARE takes.
            if (sample.Id == 0x51000021 && sample.Payload.Length == 40) expected = false;
            Assert.True(expected == fields is not null, $"{sample} and a byte: {fields?.ToJsonString() ?? "refused"}");
        }
    }

    [Fact]
    public void Cut_samples_never_throw()
    {
        foreach (var sample in Sample.All.Values.Where(s => s.Payload.Length < 1024))
        {
            for (var length = 0; length < sample.Payload.Length; length++) RmPayloadSpec.TryParse(sample.Id, sample.IsReply, sample.Payload.AsSpan(0, length));
        }
    }

    [Fact]
    public void A_count_that_promises_more_than_was_sent_costs_no_memory()
    {
        var payload = new byte[Longest];
        Array.Fill(payload, (byte)0xff);
        var ids = Sample.All.Values.Select(s => (s.Id, s.IsReply)).Distinct().ToList();
        foreach (var (id, isReply) in ids) RmPayloadSpec.TryParse(id, isReply, payload);
        foreach (var (id, isReply) in ids)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            RmPayloadSpec.TryParse(id, isReply, payload);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 10);
        }
    }

    [Fact]
    public void Changed_bytes_never_throw()
    {
        var random = new Random(20231201);
        var samples = Sample.All.Values.Where(s => s.Payload.Length is > 0 and < 512).ToList();
        for (var i = 0; i < 40_000; i++)
        {
            var sample = samples[random.Next(samples.Count)];
            var payload = sample.Payload;
            for (var n = random.Next(1, 4); n > 0; n--) payload[random.Next(Math.Min(payload.Length, 48))] = (byte)(random.Next(3) == 0 ? 0xff : random.Next(256));
            RmPayloadSpec.TryParse(sample.Id, sample.IsReply, payload.AsSpan(0, random.Next(8) == 0 ? random.Next(payload.Length) : payload.Length));
            RmPayloadSpec.TryParseReply(sample.Id, payload);
            RmPayloadSpec.TryParsePacket(payload.AsSpan(0, Math.Min(payload.Length, 241)));
        }
    }

    [Theory]
    [InlineData("2101000024000056", true)]
    [InlineData("21f9000024000056", true)] // 62 continuations
    [InlineData("21fd000024000056", false)] // 63
    [InlineData("2001000024000056", false)] // version 0
    [InlineData("1101000024000056", false)] // one header word
    [InlineData("3101000024000056", false)]
    [InlineData("21010000240000", false)]
    [InlineData("", false)]
    public void A_packet_is_accepted_when_the_receiver_would_take_it(string packet, bool accepted) =>
        Assert.Equal(accepted, RmPayloadSpec.TryParsePacket(Convert.FromHexString(packet)) is not null);

    [Fact]
    public void A_packet_of_241_bytes_is_refused()
    {
        var packet = new byte[Sample.PacketSize + 1];
        Convert.FromHexString("2101000024000056").CopyTo(packet, 0);
        Assert.Null(RmPayloadSpec.TryParsePacket(packet));
        Assert.NotNull(RmPayloadSpec.TryParsePacket(packet.AsSpan(0, Sample.PacketSize)));
    }

    /// <summary>Reserved parts the Resource Manager insists on, by offset; and some that it does not look at.</summary>
    [Theory]
    [InlineData(0x5600000b, 4, 2, false)]
    [InlineData(0x56000085, 4, 3, false)]
    [InlineData(0x56000031, 16, 4, false)]
    [InlineData(0x56000032, 24, 2, false)]
    [InlineData(0x56000033, 8, 3, false)]
    [InlineData(0x56000034, 24, 2, false)]
    [InlineData(0x56000035, 4, 2, false)]
    [InlineData(0x56000060, 12, 7, false)]
    [InlineData(0x56000061, 8, 3, false)]
    [InlineData(0x56000062, 8, 6, false)]
    [InlineData(0x56000064, 8, 5, false)]
    [InlineData(0x56000066, 8, 5, false)]
    [InlineData(0x56000065, 16, 1, true)]
    [InlineData(0x56000001, 4, 2, true)]
    [InlineData(0x56000005, 8, 3, true)]
    [InlineData(0x51000012, 20, 1, true)]
    [InlineData(0x51000012, 20, 18, true)]
    [InlineData(0x51000015, 8, 7, true)]
    [InlineData(0x56000030, 20, 2, true)]
    [InlineData(0x51000032, 12, 4, true)]
    public void A_reserved_byte_is_looked_at_where_the_RM_does(uint id, int size, int offset, bool accepted)
    {
        var payload = new byte[size];
        Assert.NotNull(RmPayloadSpec.TryParse(id, isReply: false, payload));
        payload[offset] = 1;
        Assert.Equal(accepted, RmPayloadSpec.TryParse(id, isReply: false, payload) is not null);
    }

    private static TheoryData<uint, int> MakeReplies()
    {
        uint[] words =
        [
            0x51000010, 0x51000012, 0x51000013, 0x5100001a, 0x56000015, 0x56000017, 0x56000024, 0x56000040, 0x56000041, 0x56000043, 0x56000050, 0x56000051,
            0x56000065, 0x560000a0,
        ];
        uint[] alone =
        [
            0x51000014, 0x51000015, 0x51000017, 0x51000018, 0x51000020, 0x51000021, 0x51000032, 0x51000033, 0x56000002, 0x56000004, 0x56000005, 0x56000006,
            0x56000009, 0x5600000a, 0x5600000b, 0x5600000c, 0x56000030, 0x56000031, 0x56000032, 0x56000033, 0x56000034, 0x56000035, 0x56000042, 0x56000052,
            0x56000053, 0x56000054, 0x56000060, 0x56000061, 0x56000062, 0x56000063, 0x56000064, 0x56000067, 0x56000068, 0x56000069, 0x56000080, 0x56000081,
            0x56000082, 0x56000083, 0x56000084, 0x56000085, 0x56000086,
        ];
        var data = new TheoryData<uint, int> { { 0x00000005, 16 } };
        foreach (var id in alone) data.Add(id, 0);
        foreach (var id in words) data.Add(id, 4);
        return data;
    }

    private static void Refused(uint id, bool isReply, int size)
    {
        for (var length = 0; length <= Longest; length++)
        {
            var zeros = RmPayloadSpec.TryParse(id, isReply, new byte[length]);
            if (length == size) Assert.NotNull(zeros);
            else Assert.True(zeros is null, $"{id:x8}: {length} bytes accepted");
        }
    }
}
