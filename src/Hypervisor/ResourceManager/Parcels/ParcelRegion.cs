namespace RmStack.ResourceManager.Parcels;

/// <summary>A physically contiguous part of a memparcel.</summary>
/// <param name="OwnerIpa">Where the owner had it.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Offset">Offset in the parcel's extent, which spans all memory of the platform; the same in the owner's extent.</param>
internal readonly record struct ParcelRegion(ulong OwnerIpa, ulong Size, ulong Offset);

/// <summary>A region as one recipient has it mapped.</summary>
/// <param name="Ipa">Where the recipient has it.</param>
/// <param name="Region">The region.</param>
internal readonly record struct ParcelMapping(ulong Ipa, ParcelRegion Region);
