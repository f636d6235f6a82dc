def misuses(promises, facts):
    return []
