export const ERRORS_INTRODUCTION = `# Codes of Dataverse and Microsoft Entra

What the nodes say when the service answers with one of these codes. A code that is not here comes with the service's own
text.
`;
