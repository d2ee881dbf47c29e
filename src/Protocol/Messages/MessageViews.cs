using System.Buffers;
using System.Runtime.CompilerServices;

namespace RmStack.Protocol.Messages;

/// <summary>Entry points that every message view has, e.g. <c>MemLend.TryParse(payload, out var lend)</c>.</summary>
public static class MessageViews
{
    extension<TView>(TView)
        where TView : IMessageView<TView>, allows ref struct
    {
        /// <summary>Checks a whole payload that lies in one piece. After Ok no accessor of <paramref name="view"/> can fail.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out TView view)
        {
            var reader = new PayloadReader(payload);
            return TView.TryRead(ref reader, out view);
        }

        /// <summary>
        /// Checks a whole payload that lies in pieces, as its fragments arrived; nothing is joined. The view reads from
        /// <paramref name="payload"/>, which must stay where it is.
        /// </summary>
        public static DecodeStatus TryParse(in ReadOnlySequence<byte> payload, out TView view)
        {
            var reader = new PayloadReader(in payload);
            return TView.TryRead(ref reader, out view);
        }
    }
}
