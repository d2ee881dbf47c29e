using System.Buffers.Binary;

namespace RmStack.Fuzz;

/// <summary>
/// The deterministic in-process engine: mutates seeds with a generator that the seed alone decides, splices in the numbers
/// of the protocol, and stops at the first finding.
/// </summary>
public sealed class FuzzLoop
{
    private const int LongestInput = 4096;

    // Numbers worth trying: message ids, RM and hypervisor limits, magic numbers of the formats.
    private static readonly uint[] Dictionary =
    [
        0x5100_0012, 0x5100_0018, 0x5600_0001, 0x5600_0009, 0x5600_0020, 0x5610_0001, 0x5610_0008, 0x21, 0xfd, 62, 63, 232, 240, 512, 513,
        0xedfe_0dd0, 0x0100_0000, 0x0200_0000, 0x0300_0000, 0x0900_0000, 0x464c_457f, 0x644d_5241, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
    ];

    private readonly IFuzzTarget _target;
    private readonly List<byte[]> _corpus;
    private readonly byte[] _buffer = new byte[LongestInput];
    private ulong _state;

    public FuzzLoop(IFuzzTarget target, ulong seed)
    {
        _target = target;
        _corpus = [.. target.Seeds];
        if (_corpus.Count == 0) _corpus.Add([]);
        _state = seed;
    }

    /// <summary>Inputs run so far.</summary>
    public long Executions { get; private set; }

    /// <summary>Runs a number of inputs.</summary>
    /// <returns>The input that broke the target and how, or null.</returns>
    public (byte[] Input, Exception Error)? Run(long executions)
    {
        for (long n = 0; n < executions; n++)
        {
            var length = Mutate();
            Executions++;
            try
            {
                _target.Run(_buffer.AsSpan(0, length));
            }
#pragma warning disable CA1031 // Whatever comes out of a target is the finding.
            catch (Exception error)
#pragma warning restore CA1031
            {
                return (_buffer[..length], error);
            }
        }

        return null;
    }

    private ulong Next()
    {
        _state += 0x9e37_79b9_7f4a_7c15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58_476d_1ce4_e5b9;
        z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
        return z ^ (z >> 31);
    }

    private int Below(int limit) => limit <= 0 ? 0 : (int)(Next() % (ulong)limit);

    private int Mutate()
    {
        var parent = _corpus[Below(_corpus.Count)];
        var length = Math.Min(parent.Length, LongestInput);
        parent.AsSpan(0, length).CopyTo(_buffer);
        for (var changes = 1 + Below(6); changes > 0; changes--) length = MutateOnce(length);

        // A descendant now and then becomes a parent, so that changes add up; the pool is bounded.
        if (Next() % 64 == 0 && _corpus.Count < 256) _corpus.Add(_buffer[..length]);
        return length;
    }

    private int MutateOnce(int length)
    {
        var at = Below(length);
        switch (Below(8))
        {
            case 0 when length > 0:
                _buffer[at] ^= (byte)(1 << Below(8));
                return length;
            case 1 when length > 0:
                _buffer[at] = (byte)Next();
                return length;
            case 2 when length >= 4:
                BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(Below(length - 3)), Dictionary[Below(Dictionary.Length)]);
                return length;
            case 3 when length >= 2:
                BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(Below(length - 1)), (ushort)Dictionary[Below(Dictionary.Length)]);
                return length;
            case 4:
                return Below(length + 1);
            case 5 when length > 0:
                {
                    var count = Math.Min(1 + Below(64), LongestInput - length);
                    _buffer.AsSpan(at, length - at).CopyTo(_buffer.AsSpan(at + count));
                    return length + count;
                }

            case 6:
                {
                    var other = _corpus[Below(_corpus.Count)];
                    var count = Math.Min(other.Length, LongestInput - at);
                    other.AsSpan(0, count).CopyTo(_buffer.AsSpan(at));
                    return Math.Max(length, at + count);
                }

            default:
                {
                    var count = Math.Min(1 + Below(32), LongestInput - length);
                    for (var n = 0; n < count; n++) _buffer[length + n] = (byte)Next();
                    return length + count;
                }
        }
    }
}
