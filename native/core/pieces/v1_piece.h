// Opens a piece of a V1 checkpoint: a TensorProto, whose elements are in the field of their type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "io/byte_source.h"
#include "pieces/piece_reader.h"
#include "stop.h"
#include "tensor/dtype.h"

namespace permafrost {

// Fails with kCheckpointMalformed where the message does not hold that many elements. `about` is for messages.
Result<std::unique_ptr<PieceReader>> OpenV1Piece(const ByteSource& tensor_proto, DataType dtype, std::uint64_t elements,
                                                 std::size_t block_size, const std::string& about, Stop stop = {});

}  // namespace permafrost
