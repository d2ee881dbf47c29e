using System.Buffers;
using RmStack.Protocol.Messages;
using RmStack.Testing;

namespace RmStack.Protocol.Tests.Messages;

/// <summary>The cursors under every view and writer, at their edges: in one piece, in pieces, and one byte too short.</summary>
public sealed class CursorTests
{
    private static readonly byte[] Counting = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];

    /// <summary>In one piece, and in pieces of one byte.</summary>
    private delegate void Check(PayloadReader reader);

    [Fact]
    public void Numbers_are_little_endian_and_the_cursor_stops_where_they_end() => BothWays(Counting[..15], reader =>
    {
        Assert.Equal(15, reader.Remaining);
        Assert.Equal(0x01, reader.U8());
        Assert.Equal(0x0302, reader.U16());
        Assert.Equal(0x07060504u, reader.U32());
        Assert.Equal(0x0F0E0D0C0B0A0908ul, reader.U64());
        Assert.Equal((15, 0, DecodeStatus.Ok), (reader.Position, reader.Remaining, reader.Status));
        Assert.True(reader.Rest.IsEmpty);
        Assert.Equal(DecodeStatus.Ok, reader.End());
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_number_that_is_not_all_there_is_zero_and_so_is_all_behind_it(int size) => BothWays(Counting[..size], reader =>
    {
        reader.U8();
        Assert.Equal(0ul, size switch { 1 => reader.U8(), 2 => reader.U16(), 4 => reader.U32(), _ => reader.U64() });
        Assert.Equal((DecodeStatus.TooShort, 1), (reader.Status, reader.Position));
        Assert.Equal(0, reader.U8());
        Assert.True(reader.Bytes(0).IsEmpty);
        Assert.Equal((DecodeStatus.TooShort, 1), (reader.End(), reader.Position));
    });

    [Fact]
    public void The_first_failure_stays() => BothWays(Counting, reader =>
    {
        reader.U32();
        reader.Fail(DecodeStatus.BadValue);
        reader.Fail(DecodeStatus.NameTooLong);
        reader.RequireAtLeast(17);
        reader.RequireZero(0, 4);
        reader.Exactly(5);
        reader.ZeroPadding();
        Assert.Equal(0, reader.List<SglEntry>().Count);
        Assert.Equal(0, reader.List32<SglEntry>().Count);
        Assert.Equal((DecodeStatus.BadValue, 4), (reader.End(), reader.Position));
    });

    [Fact]
    public void What_is_left_over_is_told() => BothWays(Counting, reader =>
    {
        Assert.Equal(Counting[..3], reader.Bytes(3).ToArray());
        Assert.Equal(Counting[3..], reader.Rest.ToArray());
        Assert.Equal((DecodeStatus.TrailingBytes, 3), (reader.End(), reader.Position));
    });

    [Theory]
    [InlineData(17)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void More_bytes_than_there_are_is_a_failure_and_not_an_exception(int count) => BothWays(Counting, reader =>
    {
        Assert.True(reader.Bytes(count).IsEmpty);
        Assert.Equal((DecodeStatus.TooShort, 0), (reader.Status, reader.Position));
    });

    [Theory]
    [InlineData(15, 15)]
    [InlineData(17, 16)]
    public void Exactly_means_all_of_the_rest(int size, int position)
    {
        BothWays(Counting, reader =>
        {
            Assert.True(reader.Exactly(size).IsEmpty);
            Assert.Equal((DecodeStatus.BadLength, position), (reader.Status, reader.Position));
        });
        BothWays(Counting, reader =>
        {
            reader.U32();
            Assert.Equal(Counting[4..], reader.Exactly(12).ToArray());
            Assert.Equal((DecodeStatus.Ok, 16), (reader.Status, reader.Position));
        });
        BothWays(Counting, reader =>
        {
            reader.U32();
            reader.Exactly(9);
            Assert.Equal((DecodeStatus.BadLength, 13), (reader.Status, reader.Position));
        });
    }

    [Fact]
    public void At_least_counts_the_whole_payload() => BothWays(Counting, reader =>
    {
        reader.U64();
        reader.RequireAtLeast(16);
        Assert.Equal((DecodeStatus.Ok, 8), (reader.Status, reader.Position));
        reader.RequireAtLeast(17);
        Assert.Equal((DecodeStatus.TooShort, 16), (reader.Status, reader.Position));
    });

    [Fact]
    public void Zeros_are_demanded_of_just_the_bytes_named() => BothWays([1, 0, 0, 1], reader =>
    {
        reader.U32();
        reader.RequireZero(1, 2);
        Assert.Equal((DecodeStatus.Ok, 4), (reader.Status, reader.Position));
        reader.RequireZero(2, 2);
        Assert.Equal((DecodeStatus.ReservedNotZero, 3), (reader.Status, reader.Position));
    });

    [Theory]
    [InlineData("01 00 00 00", DecodeStatus.Ok, 4)]
    [InlineData("01 00 00 01", DecodeStatus.BadPadding, 3)]
    [InlineData("01 00 00", DecodeStatus.TooShort, 1)]
    [InlineData("01 00 00 00 07", DecodeStatus.TrailingBytes, 4)]
    public void Padding_is_zero_up_to_a_multiple_of_four(string payload, DecodeStatus expected, int position) => BothWays(Hex.Bytes(payload), reader =>
    {
        reader.U8();
        reader.ZeroPadding();
        reader.ZeroPadding();
        Assert.Equal((expected, position), (reader.End(), reader.Position));
    });

    [Theory]
    [InlineData("", DecodeStatus.Ok, 0, 0)]
    [InlineData("01", DecodeStatus.ListOverrun, 0, 0)]
    [InlineData("01 00 00", DecodeStatus.ListOverrun, 0, 0)]
    [InlineData("00 00 07 00", DecodeStatus.Ok, 4, 0)]
    [InlineData("02 00 07 00 05 00 00 00 06 00 00 00", DecodeStatus.Ok, 12, 2)]
    [InlineData("02 00 07 00 05 00 00 00 06 00 00", DecodeStatus.ListOverrun, 0, 0)]
    [InlineData("03 00 07 00 05 00 00 00 06 00 00 00 07 00 00 00", DecodeStatus.ListTooLong, 0, 0)]
    public void A_counted_list(string payload, DecodeStatus expected, int position, int count)
    {
        BothWays(Hex.Bytes(payload), reader =>
        {
            var list = reader.List<WordEntry>(limit: 2);
            Assert.Equal((expected, position, count), (reader.Status, reader.Position, list.Count));
            Assert.Equal(expected == DecodeStatus.Ok && payload.Length > 0 ? 7 : 0, list.UpperHalf);
            for (var i = 0; i < list.Count; i++)
                Assert.Equal((uint)(5 + i), list[i].Value);
        });
        BothWays(Hex.Bytes(payload), reader =>
        {
            reader.List<WordEntry>(limit: 2, mayBeMissing: false);
            Assert.Equal(payload.Length == 0 ? DecodeStatus.ListOverrun : expected, reader.Status);
        });
    }

    [Theory]
    [InlineData("01 00 00", DecodeStatus.TooShort, 0, 0)]
    [InlineData("00 00 00 00", DecodeStatus.Ok, 4, 0)]
    [InlineData("02 00 00 00 05 00 00 00 06 00 00 00", DecodeStatus.Ok, 12, 2)]
    [InlineData("02 00 00 00 05 00 00 00", DecodeStatus.ListOverrun, 0, 0)]
    [InlineData("03 00 00 00 05 00 00 00 06 00 00 00 07 00 00 00", DecodeStatus.ListTooLong, 0, 0)]
    [InlineData("ff ff ff ff 05 00 00 00", DecodeStatus.ListTooLong, 0, 0)]
    public void A_list_behind_a_32_bit_count(string payload, DecodeStatus expected, int position, int count)
    {
        BothWays(Hex.Bytes(payload), reader =>
        {
            var list = reader.List32<WordEntry>(limit: 2);
            Assert.Equal((expected, position, count, 0), (reader.Status, reader.Position, list.Count, list.UpperHalf));
        });
        BothWays(Hex.Bytes("00 " + payload), reader =>
        {
            reader.U8();
            reader.List32<WordEntry>(limit: 2);
            Assert.Equal((expected, position + 1), (reader.Status, reader.Position));
        });
    }

    [Fact]
    public void Entries_whose_count_was_read_before() => BothWays(Counting, reader =>
    {
        reader.U32();
        var list = reader.Entries<WordEntry>(2, limit: 2);
        Assert.Equal([0x08070605, 0x0C0B0A09], Copy(list));
        reader.Entries<WordEntry>(2);
        Assert.Equal((DecodeStatus.ListOverrun, 12), (reader.Status, reader.Position));
    });

    [Fact]
    public void The_longest_message_in_pieces_is_read_and_a_longer_one_is_not()
    {
        var longest = Pieces.Split(new byte[RpcLimits.MaxContent], 100);
        var reader = new PayloadReader(in longest);
        Assert.Equal((DecodeStatus.Ok, RpcLimits.MaxContent), (reader.Status, reader.Remaining));
        var longer = Pieces.Split(new byte[RpcLimits.MaxContent + 1], 100);
        reader = new PayloadReader(in longer);
        Assert.Equal((DecodeStatus.TooLong, 0), (reader.Status, reader.Remaining));
    }

    [Fact]
    public void A_writer_fills_its_buffer_to_the_last_byte()
    {
        var buffer = new byte[16];
        Array.Fill(buffer, (byte)0xEE);
        var writer = new PayloadWriter(buffer);
        writer.U8(1);
        writer.ZeroPadding();
        writer.ZeroPadding();
        writer.U16(0x0302);
        writer.Bytes([4, 5]);
        writer.Reserved(8);
        Assert.Equal((DecodeStatus.Ok, 16), (writer.Status, writer.End()));
        Assert.Equal("01000000020304050000000000000000", Hex.Text(buffer));
        writer.Bytes([]);
        Assert.Equal(DecodeStatus.Ok, writer.Status);
        writer.U8(1);
        Assert.Equal((DecodeStatus.NoRoom, 16), (writer.Status, writer.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void A_number_that_does_not_fit_is_not_begun(int size)
    {
        var buffer = new byte[size - 1];
        var writer = new PayloadWriter(buffer);
        Write(ref writer, size);
        Assert.Equal((DecodeStatus.NoRoom, 0), (writer.Status, writer.Length));
        Assert.True(buffer.AsSpan().IndexOfAnyExcept((byte)0) < 0);
        buffer = new byte[size];
        writer = buffer;
        Write(ref writer, size);
        Assert.Equal(size, writer.End());
        Assert.Equal(Enumerable.Repeat((byte)0xFF, size), buffer);

        static void Write(ref PayloadWriter writer, int size)
        {
            switch (size)
            {
                case 1: writer.U8(byte.MaxValue); break;
                case 2: writer.U16(ushort.MaxValue); break;
                case 4: writer.U32(uint.MaxValue); break;
                default: writer.U64(ulong.MaxValue); break;
            }
        }
    }

    [Fact]
    public void Bytes_and_entries_that_do_not_fit_are_not_begun_either()
    {
        var buffer = new byte[7];
        var writer = new PayloadWriter(buffer.AsSpan());
        writer.Bytes(new byte[8]);
        Assert.Equal((DecodeStatus.NoRoom, 0), (writer.Status, writer.Length));
        writer = buffer.AsSpan();
        writer.Reserved(8);
        Assert.Equal((DecodeStatus.NoRoom, 0), (writer.Status, writer.Length));
        writer = buffer;
        writer.Entries<WordEntry>(new WordEntry[] { new(0x01010101), new(0x02020202) });
        Assert.Equal((DecodeStatus.NoRoom, 0), (writer.Status, writer.Length));
        Assert.Equal("00000000000000", Hex.Text(buffer));
        writer = buffer;
        writer.Entries<VmidEntry>(new VmidEntry[] { new(0x0101), new(0x0202) });
        Assert.Equal((DecodeStatus.NoRoom, 4), (writer.Status, writer.Length));
        Assert.Equal("01010000000000", Hex.Text(buffer));
        Assert.Throws<InvalidOperationException>(() =>
        {
            PayloadWriter late = new byte[1];
            late.U16(1);
            late.End();
        });
    }

    [Fact]
    public void A_list_has_at_most_65535_entries()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PayloadWriter(output);
        writer.List<WordEntry>(new WordEntry[65535], 9);
        Assert.Equal(4 + (4 * 65535), writer.End());
        Assert.Equal("ffff0900", Hex.Text(output.WrittenSpan[..4]));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
        {
            var other = new PayloadWriter(new ArrayBufferWriter<byte>());
            other.List<WordEntry>(new WordEntry[65536]);
        });
    }

    [Fact]
    public void A_buffer_writer_is_told_of_every_byte_once_and_only_of_bytes_written()
    {
        var output = new ArrayBufferWriter<byte>(1);
        var writer = new PayloadWriter(output);
        writer.U8(1);
        Assert.Equal((0, 1), (output.WrittenCount, writer.Length));
        Assert.Equal(1, writer.End());
        Assert.Equal(1, output.WrittenCount);
        Assert.Equal(1, writer.End());
        Assert.Equal(1, output.WrittenCount);
        writer.Bytes(new byte[5000]);
        writer.U16(0x0302);
        Assert.Equal(5003, writer.End());
        Assert.Equal(5003, output.WrittenCount);
        Assert.Equal("0203", Hex.Text(output.WrittenSpan[5001..]));
    }

    [Fact]
    public void Bytes_in_pieces_are_what_they_are_in_one_piece()
    {
        foreach (var pieces in Pieces.EveryWay(Counting).Append(new ReadOnlySequence<byte>(Counting)))
        {
            var all = new WireBytes(in pieces);
            Assert.Equal((16, false, all.IsContiguous ? 16 : 0), (all.Length, all.IsEmpty, all.Span.Length));
            Assert.Equal(Counting, all.ToArray());
            Assert.True(all.SequenceEqual(Counting));
            Assert.False(all.SequenceEqual([.. Counting[..15], 0]));
            Assert.False(all.SequenceEqual([0, .. Counting[1..]]));
            Assert.False(all.SequenceEqual([.. Counting, 17]));
            Assert.False(all.SequenceEqual(Counting.AsSpan(0, 15)));
            for (var start = 0; start <= 16; start++)
            {
                Assert.Equal(Counting[start..], all.Slice(start).ToArray());
                for (var length = 0; start + length <= 16; length++)
                {
                    var part = all.Slice(start, length);
                    Assert.Equal(length, part.Length);
                    Assert.Equal(length == 0, part.IsEmpty);
                    Assert.True(part.SequenceEqual(Counting.AsSpan(start, length)));
                    Assert.Equal(length == 0, part.IndexOfNonZero() < 0);
                    for (var i = 0; i < length; i++)
                        Assert.Equal(Counting[start + i], part[i]);
                }
            }
        }
    }

    [Fact]
    public void An_index_outside_a_run_in_pieces_reads_no_byte_of_its_neighbours()
    {
        foreach (var pieces in Pieces.EveryWay(Counting))
        {
            var all = new WireBytes(in pieces);
            for (var start = 0; start <= 16; start++)
            {
                for (var length = 0; start + length <= 16; length++)
                {
                    foreach (var index in new[] { length, length + 1, -1, int.MinValue, int.MaxValue })
                        Assert.True(Refused(all.Slice(start, length), index), $"byte {index} of {length} bytes from {start} on");
                }
            }
        }
    }

    [Fact]
    public void A_sequence_of_more_than_two_gigabytes_is_refused_and_not_cut()
    {
        var last = new FarPiece(1L << 32);
        var first = new FarPiece(0, last);
        var far = new ReadOnlySequence<byte>(first, 0, last, 1);
        Assert.Equal((1L << 32) + 1, far.Length);
        Assert.Throws<OverflowException>(() => new WireBytes(in far).Length);
    }

    [Fact]
    public void Zeros_in_pieces_are_zeros()
    {
        foreach (var at in Enumerable.Range(0, 8))
        {
            var bytes = new byte[8];
            Assert.All(Pieces.EveryWay(bytes), pieces => Assert.Equal(-1, new WireBytes(in pieces).IndexOfNonZero()));
            bytes[at] = 1;
            Assert.All(Pieces.EveryWay(bytes), pieces => Assert.NotEqual(-1, new WireBytes(in pieces).IndexOfNonZero()));
        }
    }

    [Fact]
    public void A_list_ends_with_its_last_entry() => BothWays(Counting, reader =>
    {
        reader.U32();
        var list = reader.Entries<WordEntry>(2);
        Assert.Equal((2, 0), (list.Count, list.UpperHalf));
        Assert.Equal((0x08070605u, 0x0C0B0A09u), (list[0].Value, list[1].Value));
        foreach (var index in new[] { -1, 2 })
        {
            var thrown = false;
            try
            {
                _ = list[index];
            }
            catch (ArgumentOutOfRangeException)
            {
                thrown = true;
            }

            Assert.True(thrown);
        }

        var walk = list.GetEnumerator();
        Assert.True(walk.MoveNext() && walk.MoveNext());
        Assert.False(walk.MoveNext());
        Assert.False(walk.MoveNext());
    });

    private static uint[] Copy(WireList<WordEntry> list)
    {
        var entries = new WordEntry[list.Count];
        list.CopyTo(entries);
        return [.. entries.Select(entry => entry.Value)];
    }

    /// <summary>Whether reading there throws, whatever lies behind these bytes.</summary>
    private static bool Refused(WireBytes bytes, int index)
    {
        try
        {
            _ = bytes[index];
            return false;
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            return true;
        }
    }

    private static void BothWays(byte[] payload, Check check)
    {
        check(new PayloadReader(payload));
        foreach (var pieces in Pieces.EveryWay(payload))
            check(new PayloadReader(in pieces));
    }

    /// <summary>One byte, said to lie this far behind the beginning.</summary>
    private sealed class FarPiece : ReadOnlySequenceSegment<byte>
    {
        public FarPiece(long at, FarPiece? next = null)
        {
            Memory = new byte[1];
            RunningIndex = at;
            Next = next;
        }
    }
}
