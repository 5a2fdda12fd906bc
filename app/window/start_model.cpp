#include "app/window/start_model.h"

#include <algorithm>

namespace heed::app {

std::optional<std::size_t> choose_start_model(const std::vector<FoundModel>& models) {
    const auto find = [&](const auto& is_wanted) -> std::optional<std::size_t> {
        const auto at = std::find_if(models.begin(), models.end(), [&](const FoundModel& model) {
            return model.problem.empty() && is_wanted(model);
        });
        if (at == models.end()) return std::nullopt;
        return static_cast<std::size_t>(at - models.begin());
    };
    for (const std::string_view name : kStartModels) {
        if (const auto place = find([&](const FoundModel& model) { return model.name == name; })) {
            return place;
        }
    }
    return find([](const FoundModel&) { return true; });
}

}  // namespace heed::app
