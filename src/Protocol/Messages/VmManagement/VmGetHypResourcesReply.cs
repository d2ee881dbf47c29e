using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>
/// Success reply to VM_GET_HYP_RESOURCES: vCPUs first, then the caller's virtual devices facing the VM, then the VM's facing the caller.
/// RM: vm_get_resources.c. Linux wants exactly 4 + 44 n bytes.
/// </summary>
public readonly ref struct VmGetHypResourcesReply : IMessageView<VmGetHypResourcesReply>
{
    /// <summary>Most entries that a reply can carry.</summary>
    public const int MaxEntries = (RpcLimits.MaxReplyPayload - Wire.CountSize) / 44;

    private VmGetHypResourcesReply(WireList<HypResource> resources) => Resources = resources;

    /// <summary>The entries.</summary>
    public WireList<HypResource> Resources { get; }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmGetHypResourcesReply view)
    {
        var resources = reader.List32<HypResource>();
        var status = reader.End();
        view = status == DecodeStatus.Ok ? new VmGetHypResourcesReply(resources) : default;
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int resources) => Wire.CountSize + (resources * HypResource.Size);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ReadOnlySpan<HypResource> resources)
    {
        writer.List32(resources);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.List<HypResource>("resources"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.List("resources", Resources);

    /// <summary>Writes entries as they are found, and their count at the end.</summary>
    public ref struct Writer
    {
        private readonly Span<byte> _payload;
        private int _count;

        /// <summary>Writes into <paramref name="payload"/>, behind the reply's error word.</summary>
        public Writer(Span<byte> payload)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(payload.Length, Wire.CountSize, nameof(payload));
            _payload = payload;
        }

        /// <summary>Entries so far.</summary>
        public readonly int Count => _count;

        /// <summary>Adds an entry; false when there is no room for it.</summary>
        public bool TryAdd(in HypResource resource)
        {
            var offset = SizeOf(_count);
            if (_payload.Length - offset < HypResource.Size)
                return false;
            resource.Write(_payload.Slice(offset, HypResource.Size));
            _count++;
            return true;
        }

        /// <summary>Writes the count and returns the payload's length, bytes.</summary>
        public readonly int End()
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_payload, (uint)_count);
            return SizeOf(_count);
        }
    }
}
