#include "core/model/registry.h"

#include <array>
#include <string_view>

#include "core/base/error.h"
#include "core/model/families/bert.h"
#include "core/model/families/gpt2.h"

namespace heed {
namespace {

struct Family {
    std::string_view model_type;
    OpenFamily open;
};

constexpr std::array<Family, 2> kFamilies = {{
    {"bert", open_bert},
    {"gpt2", open_gpt2},
}};

}  // namespace

std::string supported_families() {
    std::string names;
    for (const Family& family : kFamilies) {
        names += (names.empty() ? "" : ", ") + std::string(family.model_type);
    }
    return names;
}

std::unique_ptr<Network> open_network(const ModelConfig& config, WeightSource& weights) {
    const Json* type = config.reader().json().find_non_null("model_type");
    if (type != nullptr && type->is_string()) {
        for (const Family& family : kFamilies) {
            if (family.model_type == type->string) return family.open(config, weights);
        }
    }
    config.reader().fail("model_type", "one of " + supported_families(), type);
}

}  // namespace heed
