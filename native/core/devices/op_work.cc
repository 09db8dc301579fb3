#include "devices/op_work.h"

namespace permafrost::devices {

Work WorkOf(std::string_view /*op*/) { return Work::kLight; }

}  // namespace permafrost::devices
