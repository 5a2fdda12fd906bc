#include "core/model/family.h"

#include "core/base/check.h"

namespace heed {

std::vector<int> Network::derived_ids(const std::string& input,
                                      const std::vector<int>& /*ids*/) const {
    report_bug(__FILE__, __LINE__, "an input that no one gives: " + input);
}

std::vector<int> Network::usual_target(const std::vector<int>& /*ids*/) const {
    return target_start();
}

}  // namespace heed
