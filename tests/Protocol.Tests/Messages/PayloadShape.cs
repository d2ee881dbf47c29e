using System.Globalization;
using System.Text.RegularExpressions;

namespace RmStack.Protocol.Tests.Messages;

/// <summary>
/// A payload's layout in a few letters, written down apart from the views, to make payloads from:
/// <code>
/// F4       field of 4 bytes, any value        #2    count of 2 bytes (#2&lt;30: at most 30)
/// R3       3 reserved bytes, which the reader ignores     *(..)  as many of these as the last count said
/// Z2       2 zero bytes, which the reader demands         P      zero bytes up to the next multiple of 4
/// K0300    these bytes (hex)                   D1C   these bytes, or any: a constant of the sender's
/// T        bytes behind the end that the reader ignores   X      cut off anywhere
/// </code>
/// A leading ~ says that the payload need not come back byte for byte: something optional is there or missing.
/// </summary>
internal sealed partial class PayloadShape
{
    /// <summary>More entries than any list needs to lie in many packets, and few enough that every payload fits a reply.</summary>
    private const int MostEntries = 315;

    private readonly string[] _tokens;

    public PayloadShape(string text)
    {
        IsExact = !text.StartsWith('~');
        _tokens = [.. Token().Matches(text.TrimStart('~')).Select(match => match.Value)];
    }

    /// <summary>What a tidy sender makes of this shape is what our writer makes of it.</summary>
    public bool IsExact { get; }

    /// <summary>A payload of this shape. A tidy one has zero in reserved bytes and nothing behind its end.</summary>
    public byte[] Make(Entropy entropy, bool tidy)
    {
        var payload = new List<byte>();
        Make(0, _tokens.Length, payload, entropy, tidy);
        return [.. payload];
    }

    private void Make(int from, int to, List<byte> payload, Entropy entropy, bool tidy)
    {
        var count = 0;
        for (var at = from; at < to; at++)
        {
            var token = _tokens[at];
            switch (token[0])
            {
                case 'F':
                    payload.AddRange(entropy.Field(Size(token)));
                    break;
                case 'R':
                    payload.AddRange(tidy ? new byte[Size(token)] : entropy.Field(Size(token)));
                    break;
                case 'Z':
                    payload.AddRange(new byte[Size(token)]);
                    break;
                case 'K':
                    payload.AddRange(Convert.FromHexString(token.AsSpan(1)));
                    break;
                case 'D':
                    var constant = Convert.FromHexString(token.AsSpan(1));
                    payload.AddRange(tidy ? constant : entropy.Field(constant.Length));
                    break;
                case 'P':
                    payload.AddRange(new byte[-payload.Count & 3]);
                    break;
                case 'T':
                    if (!tidy)
                        payload.AddRange(entropy.Bytes(entropy.Next() % 10));
                    break;
                case 'X':
                    var kept = entropy.Next() % (payload.Count + 1);
                    payload.RemoveRange(kept, payload.Count - kept);
                    break;
                case '#':
                    var limit = token.IndexOf('<', StringComparison.Ordinal) is var less and > 0 ? int.Parse(token.AsSpan(less + 1), CultureInfo.InvariantCulture) : MostEntries;
                    count = Math.Min(entropy.Count(), limit);
                    for (var i = 0; i < Size(token); i++)
                        payload.Add((byte)(count >> (8 * i)));
                    break;
                case '*':
                    var close = Closing(at);
                    for (var i = 0; i < count; i++)
                        Make(at + 1, close, payload, entropy, tidy);
                    at = close;
                    break;
                default:
                    throw new FormatException(token);
            }
        }
    }

    private int Closing(int open)
    {
        var depth = 0;
        for (var at = open; ; at++)
        {
            depth += _tokens[at] == "*(" ? 1 : _tokens[at] == ")" ? -1 : 0;
            if (depth == 0)
                return at;
        }
    }

    private static int Size(string token) => token[1] - '0';

    [GeneratedRegex(@"\*\(|\)|[^\s()]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();

    /// <summary>Endless bytes made from a few, so that FsCheck shrinks the few: none at all gives zeros for ever.</summary>
    internal sealed class Entropy(byte[] seed)
    {
        private int _next;

        public byte Next()
        {
            if (seed.Length == 0)
                return 0;
            // Each time round the same bytes look different.
            var value = (byte)(seed[_next % seed.Length] ^ (_next / seed.Length * 0x9D));
            _next++;
            return value;
        }

        public byte[] Bytes(int count)
        {
            var bytes = new byte[count];
            foreach (ref var value in bytes.AsSpan())
                value = Next();
            return bytes;
        }

        /// <summary>A number of so many bytes: small, all ones, or anything.</summary>
        public byte[] Field(int size)
        {
            var kind = Next() & 7;
            if (kind == 1)
                return [.. Enumerable.Repeat((byte)0xFF, size)];
            var bytes = Bytes(size);
            if (kind is 2 or 3)
                bytes.AsSpan(1).Clear();
            return bytes;
        }

        /// <summary>How many entries a list has: mostly few, sometimes hundreds.</summary>
        public int Count() => Next() is var value && value < 216 ? value % 5 : (value - 216) * 8;
    }
}
